#ifndef SPAWNTRACE_LAUNCH_H
#define SPAWNTRACE_LAUNCH_H

#include <linux/filter.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "mounts.h"

/// How the tracer sees the system calls of the launched program, best first.
enum spawntrace_mechanism {
  /// seccomp user notifications (SECCOMP_RET_USER_NOTIF).
  spawntrace_mechanism_notify = 0,
  /// ptrace stops at the filter's calls (SECCOMP_RET_TRACE).
  spawntrace_mechanism_trace = 1,
  /// No filter: only the starts and ends of processes are seen.
  spawntrace_mechanism_events = 2,
};

/// The step at which a launch failed.
enum spawntrace_stage {
  spawntrace_stage_none = 0,
  spawntrace_stage_socket = 1,
  spawntrace_stage_fork = 2,
  spawntrace_stage_seize = 3,
  /// The child was gone before it reported what it had set up.
  spawntrace_stage_lost = 4,
  /// The mechanism is not the one that descriptors can be added by, or the listener refuses them.
  spawntrace_stage_listener = 5,
  spawntrace_stage_descriptors = 6,
  /// The child's own mount namespace.
  spawntrace_stage_unshare = 7,
  spawntrace_stage_identity = 8,
  spawntrace_stage_mount = 9,
};

/// A launch. All of it is made before the fork; the child only reads it.
struct spawntrace_launch_request {
  /// The command and its arguments, ended by NULL; found through PATH as execvp(3) does.
  char *_Nullable const *_Nonnull arguments;
  const struct sock_filter *_Nullable notify_filter;
  const struct sock_filter *_Nullable trace_filter;
  uint16_t notify_filter_length;
  uint16_t trace_filter_length;
  /// The mechanism to begin with; a refused one is followed by the next.
  int32_t mechanism;
  /// The signal settings that the program inherits.
  sigset_t signal_mask;
  struct sigaction child_action;
  /// Whether calls are to be answered with descriptors. Then nothing is executed unless that can be
  /// done.
  int32_t answers_with_descriptors;
  /// Files that the command is to see in the place of others, in a mount namespace of its own.
  const struct spawntrace_mount *_Nullable mounts;
  size_t mount_count;
  /// The command's environment, ended by NULL; NULL for this process's own.
  char *_Nullable const *_Nullable environment;
};

struct spawntrace_launch_result {
  pid_t pid;
  /// Carries one message if the program could not be executed: the errno.
  int32_t status_socket;
  /// The listener of the notifications, or -1.
  int32_t listener;
  int32_t mechanism;
  /// The errno with which a mechanism was refused, or 0.
  int32_t notify_error;
  int32_t trace_error;
  /// Whether the kernel demanded PR_SET_NO_NEW_PRIVS for the filter.
  int32_t no_new_privileges;
  /// Whether a call can be answered with a descriptor in one step.
  int32_t answers_in_one_step;
  int32_t failed_stage;
  int32_t error;
};

/// Forks, seizes the child (PTRACE_SEIZE with `ptrace_options`), lets it install its filter and
/// execute the command. Returns 0, or -1 with `failed_stage` and `error` set and no child left.
int spawntrace_launch(const struct spawntrace_launch_request *_Nonnull request,
                      unsigned long ptrace_options,
                      struct spawntrace_launch_result *_Nonnull result);

/// The errno with which the launched program could not be executed, or 0 if it was. Blocks until
/// one or the other is certain: call it when the child is gone.
int spawntrace_launch_exec_error(int status_socket);

#endif
