#include "signals.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
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

// The kernel continues a stopped process as soon as a SIGCONT is made for it, and a timer can make
// one (timer_create(2)). No other process is needed for it, which could be stopped, too.
static void start_timer(void) {
  static bool is_started;
  if (is_started) return;
  is_started = true;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGCONT};
  struct itimerspec times = {.it_interval.tv_sec = 1, .it_value.tv_sec = 1};
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) timer_settime(timer, 0, &times, NULL);
}

struct spawntrace_signals spawntrace_signals_open(void) {
  sigset_t blocked, read;
  spawntrace_signals_set(&blocked);
  sigemptyset(&read);
  // SIGCONT has to be read, or the timer does not go on.
  static const int signals[] = {SIGCHLD, SIGCONT, SIGTERM};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&read, signals[i]);
  start_timer();
  // A launch that was refused may be followed by another one.
  static struct sigaction first;
  static bool is_known;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  struct spawntrace_signals result = {.descriptor = -1};
  if (!sigaction(SIGCHLD, &standard, is_known ? NULL : &first)) {
    is_known = true;
    if (!sigprocmask(SIG_BLOCK, &blocked, &result.mask))
      result.descriptor = signalfd(-1, &read, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  if (result.descriptor < 0) result.descriptor = -errno;
  result.child_action = first;
  if (is_blocked) result.mask = inherited;
  return result;
}

struct spawntrace_end_request spawntrace_signals_drain(int descriptor) {
  // Of each signal at most one is pending: it has no queue.
  struct signalfd_siginfo infos[8];
  ssize_t count;
  do count = read(descriptor, infos, sizeof infos);
  while (count < 0 && errno == EINTR);
  struct spawntrace_end_request request = {0};
  for (ssize_t i = 0; i < count / (ssize_t)sizeof *infos; i++) {
    int signal = (int)infos[i].ssi_signo;
    if (signal == SIGCHLD || signal == SIGCONT) continue;
    bool sent = infos[i].ssi_code == SI_USER || infos[i].ssi_code == SI_QUEUE ||
                infos[i].ssi_code == SI_TKILL;
    request = (struct spawntrace_end_request){
        .signal = signal, .sender = sent ? (pid_t)infos[i].ssi_pid : 0};
  }
  return request;
}

void spawntrace_signals_read_all_ends(int descriptor) {
  sigset_t read;
  sigemptyset(&read);
  static const int signals[] = {SIGCHLD, SIGCONT, SIGTERM, SIGINT, SIGHUP, SIGQUIT};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&read, signals[i]);
  // What is pending has been the front's to answer.
  sigset_t old;
  sigemptyset(&old);
  for (size_t i = 3; i < sizeof signals / sizeof *signals; i++) sigaddset(&old, signals[i]);
  struct timespec none = {0, 0};
  while (sigtimedwait(&old, NULL, &none) > 0) {
  }
  signalfd(descriptor, &read, 0);
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
