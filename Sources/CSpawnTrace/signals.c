#include "signals.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

void spawntrace_signals_set(sigset_t *set) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT};
  sigfillset(set);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(set, faults[i]);
}

// The inherited mask, if spawntrace_signals_block has blocked signals already.
static sigset_t inherited;
static bool is_blocked;

void spawntrace_signals_block(void) {
  sigset_t blocked;
  spawntrace_signals_set(&blocked);
  is_blocked = sigprocmask(SIG_BLOCK, &blocked, &inherited) == 0;
}

struct spawntrace_signals spawntrace_signals_open(void) {
  sigset_t blocked, child;
  spawntrace_signals_set(&blocked);
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  // A launch that was refused may be followed by another one.
  static struct sigaction first;
  static bool is_known;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  struct spawntrace_signals result = {.descriptor = -1};
  if (!sigaction(SIGCHLD, &standard, is_known ? NULL : &first)) {
    is_known = true;
    if (!sigprocmask(SIG_BLOCK, &blocked, &result.mask))
      result.descriptor = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  if (result.descriptor < 0) result.descriptor = -errno;
  result.child_action = first;
  if (is_blocked) result.mask = inherited;
  return result;
}

void spawntrace_signals_drain(int descriptor) {
  // At most one is pending: it has no queue.
  struct signalfd_siginfo info;
  while (read(descriptor, &info, sizeof info) < 0 && errno == EINTR) {
  }
}

int spawntrace_kill(pid_t process, int signal) {
  return kill(process, signal) < 0 ? errno : 0;
}

int spawntrace_queue(pid_t process, int signal, int64_t value) {
  return sigqueue(process, signal, (union sigval){.sival_ptr = (void *)value}) < 0 ? errno : 0;
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
