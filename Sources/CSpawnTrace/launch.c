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

// Async-signal-safe calls only: the parent's threads and locks are not here.
static _Noreturn void child(const struct spawntrace_launch_request *request, int socket) {
  char go;
  if (read(socket, &go, 1) != 1) _exit(127);  // the tracer could not seize us, or is gone

  struct prepared prepared = {.mechanism = request->mechanism};
  int listener = -1;
  if (prepared.mechanism == spawntrace_mechanism_notify) {
    listener = install_notify(request, &prepared);
    if (listener < 0) {
      prepared.notify_error = errno;
      prepared.mechanism = spawntrace_mechanism_trace;
    }
  }
  if (prepared.mechanism == spawntrace_mechanism_trace &&
      install_as_allowed(0, request->trace_filter, request->trace_filter_length, &prepared) < 0) {
    prepared.trace_error = errno;
    prepared.mechanism = spawntrace_mechanism_events;
  }
  if (!spawntrace_message_send(socket, &prepared, sizeof prepared, listener)) _exit(127);

  // Swift's runtime may have a handler for it. The exec would remove that, but too late for a
  // signal that is pending.
  struct sigaction quit;
  if (sigaction(SIGQUIT, NULL, &quit) == 0 && quit.sa_handler != SIG_IGN) {
    quit = (struct sigaction){.sa_handler = SIG_DFL};
    sigaction(SIGQUIT, &quit, NULL);
  }
  sigaction(SIGCHLD, &request->child_action, NULL);
  sigprocmask(SIG_SETMASK, &request->signal_mask, NULL);
  execvp(request->arguments[0], request->arguments);
  int32_t error = errno;
  spawntrace_message_send(socket, &error, sizeof error, -1);
  _exit(127);
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
  pid_t pid = fork();
  if (pid < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return fail(result, spawntrace_stage_fork, error);
  }
  if (pid == 0) {
    close(ends[0]);
    child(request, ends[1]);
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
    if (send(ends[0], "g", 1, MSG_NOSIGNAL) == 1 &&
        spawntrace_message_receive(ends[0], &prepared, sizeof prepared, &listener, 0) ==
            (ssize_t)sizeof prepared) {
      result->pid = pid;
      result->status_socket = ends[0];
      result->listener = listener;
      result->mechanism = prepared.mechanism;
      result->notify_error = prepared.notify_error;
      result->trace_error = prepared.trace_error;
      result->no_new_privileges = prepared.no_new_privileges;
      return 0;
    }
    error = errno;
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
