#include "launch.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"
#include "mounts.h"
#include "notification.h"

// Newer than the headers of some distributions (kernel 5.19).
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

// The child's message before it executes the program; the listener comes with it.
struct prepared {
  int32_t mechanism;
  int32_t notify_error;
  int32_t trace_error;
  int32_t no_new_privileges;
  // The step of spawntrace_mounts_enter that failed, and its errno. The child has ended then.
  int32_t mounts_step;
  int32_t mounts_error;
};

static int install(unsigned long flags, const struct sock_filter *filter, uint16_t length) {
  // Before kernel 5.16 a filter switches speculation mitigations on for the program unless asked
  // not to.
  struct sock_fprog program = {.len = length, .filter = (struct sock_filter *)filter};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                      &program);
}

// Installs a filter, with NO_NEW_PRIVS only if the kernel demands it (no CAP_SYS_ADMIN), because it
// defeats setuid programs in the whole tree. Returns seccomp's result, and sets errno if that
// failed.
static int install_as_allowed(unsigned long flags, const struct sock_filter *filter,
                              uint16_t length, struct prepared *prepared) {
  int result = install(flags, filter, length);
  if (result < 0 && errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    prepared->no_new_privileges = 1;
    result = install(flags, filter, length);
  }
  return result;
}

static int install_notify(const struct spawntrace_launch_request *request,
                          struct prepared *prepared) {
  // WAIT_KILLABLE_RECV: a signal must not interrupt a call that the tracer examines. It would be
  // restarted and seen twice, and a call that can't be restarted would fail with EINTR.
  unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
  int listener = install_as_allowed(flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                                    request->notify_filter, request->notify_filter_length, prepared);
  if (listener < 0 && errno == EINVAL)
    listener = install_as_allowed(flags, request->notify_filter, request->notify_filter_length,
                                  prepared);
  return listener;
}

// Installs the filter of the best mechanism that is possible. Returns the listener, or -1.
static int install_best(const struct spawntrace_launch_request *request,
                        struct prepared *prepared) {
  int listener = -1;
  if (prepared->mechanism == spawntrace_mechanism_notify) {
    listener = install_notify(request, prepared);
    if (listener < 0) {
      prepared->notify_error = errno;
      prepared->mechanism = spawntrace_mechanism_trace;
    }
  }
  if (prepared->mechanism == spawntrace_mechanism_trace &&
      install_as_allowed(0, request->trace_filter, request->trace_filter_length, prepared) < 0) {
    prepared->trace_error = errno;
    prepared->mechanism = spawntrace_mechanism_events;
  }
  return listener;
}

static void wait_for_go(int socket) {
  char go;
  if (read(socket, &go, 1) != 1) _exit(127);  // the tracer has refused, or is gone
}

// Async-signal-safe calls only: the parent's threads and locks are not here.
static _Noreturn void child(const struct spawntrace_launch_request *request, int socket,
                            const struct spawntrace_identity *identity) {
  wait_for_go(socket);
  struct prepared prepared = {.mechanism = request->mechanism};
  int listener = -1;
  if (request->mounts) {
    prepared.mounts_step = spawntrace_mounts_enter(request->mounts, request->mount_count, identity);
    prepared.mounts_error = errno;
  }
  if (prepared.mounts_step == spawntrace_mounts_none) listener = install_best(request, &prepared);
  if (!spawntrace_message_send(socket, &prepared, sizeof prepared, listener)) _exit(127);
  if (prepared.mounts_step != spawntrace_mounts_none) _exit(127);
  if (request->answers_with_descriptors) wait_for_go(socket);

  // Swift's runtime may have a handler for it. The exec would remove that, but too late for a
  // signal that is pending.
  struct sigaction quit;
  if (sigaction(SIGQUIT, NULL, &quit) == 0 && quit.sa_handler != SIG_IGN) {
    quit = (struct sigaction){.sa_handler = SIG_DFL};
    sigaction(SIGQUIT, &quit, NULL);
  }
  sigaction(SIGCHLD, &request->child_action, NULL);
  sigprocmask(SIG_SETMASK, &request->signal_mask, NULL);
  if (request->environment) environ = (char **)request->environment;
  execvp(request->arguments[0], request->arguments);
  int32_t error = errno;
  spawntrace_message_send(socket, &error, sizeof error, -1);
  _exit(127);
}

static bool send_go(int socket) { return send(socket, "g", 1, MSG_NOSIGNAL) == 1; }

// Returns the stage at which what the child has prepared isn't enough, with the error in `result`.
static int refusal(const struct spawntrace_launch_request *request, const struct prepared *prepared,
                   int listener, struct spawntrace_launch_result *result) {
  result->error = prepared->mounts_error;
  switch (prepared->mounts_step) {
  case spawntrace_mounts_none: break;
  case spawntrace_mounts_unshare: return spawntrace_stage_unshare;
  case spawntrace_mounts_identity: return spawntrace_stage_identity;
  default: return spawntrace_stage_mount;
  }
  result->error = 0;
  if (!request->answers_with_descriptors) return spawntrace_stage_none;
  result->error = prepared->notify_error;
  if (listener < 0) return spawntrace_stage_listener;
  bool in_one_step;
  result->error = spawntrace_notification_can_answer(listener, &in_one_step);
  result->answers_in_one_step = in_one_step;
  return result->error ? spawntrace_stage_descriptors : spawntrace_stage_none;
}

static int fail(struct spawntrace_launch_result *result, int stage, int error) {
  result->failed_stage = stage;
  result->error = error;
  return -1;
}

int spawntrace_launch(const struct spawntrace_launch_request *request, unsigned long ptrace_options,
                      struct spawntrace_launch_result *result) {
  *result = (struct spawntrace_launch_result){.pid = -1, .status_socket = -1, .listener = -1};
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
    return fail(result, spawntrace_stage_socket, errno);
  struct spawntrace_identity identity;
  if (request->mounts) spawntrace_identity_make(&identity);
  pid_t pid = fork();
  if (pid < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return fail(result, spawntrace_stage_fork, error);
  }
  if (pid == 0) {
    close(ends[0]);
    child(request, ends[1], &identity);
  }
  close(ends[1]);

  // The child waits on the socket, not in a stop: a SIGSTOP before the seizure would leave a
  // group-stop behind that its children inherit (tracexec, pull request 66).
  int stage = spawntrace_stage_seize;
  int error = 0;
  if (ptrace(PTRACE_SEIZE, pid, NULL, ptrace_options) < 0) {
    error = errno;
  } else {
    stage = spawntrace_stage_lost;
    struct prepared prepared;
    int listener = -1;
    if (send_go(ends[0]) &&
        spawntrace_message_receive(ends[0], &prepared, sizeof prepared, &listener, 0) ==
            (ssize_t)sizeof prepared) {
      stage = refusal(request, &prepared, listener, result);
      error = result->error;
      if (stage == spawntrace_stage_none) {
        result->pid = pid;
        result->status_socket = ends[0];
        result->listener = listener;
        result->mechanism = prepared.mechanism;
        result->notify_error = prepared.notify_error;
        result->trace_error = prepared.trace_error;
        result->no_new_privileges = prepared.no_new_privileges;
        // A child that is gone meanwhile shows by its end.
        if (request->answers_with_descriptors) send_go(ends[0]);
        return 0;
      }
      if (listener >= 0) close(listener);
    } else {
      error = errno;
    }
  }
  kill(pid, SIGKILL);
  close(ends[0]);
  while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR) {
  }
  return fail(result, stage, error);
}

int spawntrace_launch_exec_error(int status_socket) {
  int32_t error = 0;
  int descriptor;
  ssize_t heard = spawntrace_message_receive(status_socket, &error, sizeof error, &descriptor, 0);
  return heard == (ssize_t)sizeof error ? error : 0;
}
