#include "signals.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

int spawntrace_signals_open(sigset_t *mask, struct sigaction *child_action) {
  static const int heard[] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP};
  static const int muted[] = {SIGPIPE, SIGTTOU};
  sigset_t taken, blocked;
  sigemptyset(&taken);
  for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) sigaddset(&taken, heard[i]);
  blocked = taken;
  for (size_t i = 0; i < sizeof muted / sizeof *muted; i++) sigaddset(&blocked, muted[i]);
  struct sigaction standard = {.sa_handler = SIG_DFL};
  if (sigaction(SIGCHLD, &standard, child_action) || sigprocmask(SIG_BLOCK, &blocked, mask))
    return -errno;
  int descriptor = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

_Bool spawntrace_signals_next(int descriptor, struct spawntrace_signal *signal) {
  struct signalfd_siginfo info;
  ssize_t count;
  do count = read(descriptor, &info, sizeof info);
  while (count < 0 && errno == EINTR);
  if (count != (ssize_t)sizeof info) return 0;
  signal->number = (int32_t)info.ssi_signo;
  signal->sender = info.ssi_code == SI_USER || info.ssi_code == SI_QUEUE || info.ssi_code == SI_TKILL
                       ? (pid_t)info.ssi_pid
                       : 0;
  return 1;
}

int spawntrace_kill(pid_t process, int signal) {
  return kill(process, signal) < 0 ? errno : 0;
}

void spawntrace_die_of(int signal) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // a core_pattern that pipes ignores the limit of 0
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(signal, &standard, NULL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  kill(getpid(), signal);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
}
