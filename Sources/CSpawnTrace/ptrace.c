#include "ptrace.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

_Static_assert((int)spawntrace_event_fork == (int)PTRACE_EVENT_FORK, "kernel constant");
_Static_assert((int)spawntrace_event_vfork == (int)PTRACE_EVENT_VFORK, "kernel constant");
_Static_assert((int)spawntrace_event_clone == (int)PTRACE_EVENT_CLONE, "kernel constant");
_Static_assert((int)spawntrace_event_exec == (int)PTRACE_EVENT_EXEC, "kernel constant");
_Static_assert((int)spawntrace_event_exit == (int)PTRACE_EVENT_EXIT, "kernel constant");
_Static_assert((int)spawntrace_event_seccomp == (int)PTRACE_EVENT_SECCOMP, "kernel constant");
_Static_assert((int)spawntrace_event_stop == (int)PTRACE_EVENT_STOP, "kernel constant");

unsigned long spawntrace_ptrace_options(void) {
  return PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
         PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
}

int spawntrace_set_exit_stop(pid_t thread, bool wanted) {
  unsigned long options = spawntrace_ptrace_options() | (wanted ? PTRACE_O_TRACEEXIT : 0);
  return ptrace(PTRACE_SETOPTIONS, thread, NULL, options) < 0 ? errno : 0;
}

int spawntrace_continue_to_call(pid_t thread, int signal) {
  return ptrace(PTRACE_SYSCALL, thread, NULL, (unsigned long)signal) < 0 ? errno : 0;
}

int spawntrace_continue(pid_t thread, int signal) {
  return ptrace(PTRACE_CONT, thread, NULL, (unsigned long)signal) < 0 ? errno : 0;
}

int spawntrace_listen(pid_t thread) {
  return ptrace(PTRACE_LISTEN, thread, NULL, NULL) < 0 ? errno : 0;
}

int spawntrace_interrupt(pid_t thread) {
  return ptrace(PTRACE_INTERRUPT, thread, NULL, NULL) < 0 ? errno : 0;
}

int spawntrace_event_message(pid_t thread, unsigned long *message) {
  return ptrace(PTRACE_GETEVENTMSG, thread, NULL, message) < 0 ? errno : 0;
}

int spawntrace_signal_origin(pid_t thread, struct spawntrace_signal_origin *origin) {
  siginfo_t info;
  if (ptrace(PTRACE_GETSIGINFO, thread, NULL, &info) < 0) return errno;
  // Only these codes come with a sender (sigaction(2)); the field is shared with others.
  bool sent = info.si_code == SI_USER || info.si_code == SI_TKILL || info.si_code == SI_QUEUE;
  origin->sender = sent ? info.si_pid : 0;
  return 0;
}

pid_t spawntrace_wait(int *status) {
  pid_t thread;
  do thread = waitpid(-1, status, __WALL | __WNOTHREAD | WNOHANG);
  while (thread < 0 && errno == EINTR);
  return thread < 0 ? -errno : thread;
}
