// Scenarios: signals that are pending, queued and waited for, timers, and SIGCHLD.
#include "tree.h"

void pending_signals(void) {
  static const int numbers[] = {SIGUSR1, SIGUSR2, SIGTERM, SIGHUP, SIGWINCH, SIGURG, SIGALRM, SIGTRAP, SIGCONT, SIGPIPE};
  int chosen[12];
  unsigned count = 2 + pick(6);
  int flags = pick(2) ? SA_NODEFER : 0;
  if (pick(2)) flags |= SA_RESTART;
  record_count = 0;
  for (unsigned i = 0; i < count; i++) {
    chosen[i] = pick(3) ? numbers[pick(10)] : SIGRTMIN + 1 + (int)pick(6);
    mask(SIG_BLOCK, chosen[i]);
    if (pick(8) == 0) set(chosen[i], SIG_IGN);
    else on(chosen[i], note, flags | (pick(5) ? 0 : (int)SA_RESETHAND));
  }
  for (unsigned turn = count + pick(8); turn > 0; turn--) {
    int number = chosen[pick(count)];
    switch (pick(4)) {
      case 0: kill(getpid(), number); break;
      case 1: raise_here(number); break;
      case 2: {
        siginfo_t info = {.si_code = -60 + (int)pick(3), .si_signo = number};
        info.si_value.sival_int = 5;
        syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid), number, &info);
        break;
      }
      default: sigqueue(getpid(), number, (union sigval){.sival_int = (int)pick(100)});
    }
  }
  sigset_t waiting;
  sigpending(&waiting);
  char text[300] = "";
  for (int number = 1; number < 64; number++)
    if (sigismember(&waiting, number) == 1)
      snprintf(text + strlen(text), sizeof text - strlen(text), " %s", sig(number));
  say("pending%s", text);
  sigset_t all, before;
  sigemptyset(&all);
  for (unsigned i = 0; i < count; i++) sigaddset(&all, chosen[i]);
  if (pick(2)) {
    // All at once, so the order is the kernel's.
    pthread_sigmask(SIG_UNBLOCK, &all, &before);
  } else {
    for (unsigned i = 0; i < count; i++) mask(SIG_UNBLOCK, chosen[i]);
  }
  say_records("handled", 0);
  for (unsigned i = 0; i < count; i++) set(chosen[i], SIG_DFL);
}

void queued_signals(void) {
  int first = SIGRTMIN + (int)pick(10);
  sigset_t signals;
  sigemptyset(&signals);
  for (int i = 0; i < 3; i++) sigaddset(&signals, first + i);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  unsigned count = 1 + pick(20);
  pid_t child = 0;
  if (pick(2)) {
    pid_t parent = getpid();
    child = make("sender");
    if (child == 0) {
      for (unsigned i = 0; i < count; i++)
        if (sigqueue(parent, first + (int)pick(3), (union sigval){.sival_int = (int)i})) say("sigqueue: %s", why(errno));
      if (pick(2)) kill(parent, SIGUSR1);
      _exit((int)count);
    }
    await(child, "sender");
  } else {
    for (unsigned i = 0; i < count; i++) sigqueue(getpid(), first + (int)pick(3), (union sigval){.sival_int = (int)i});
  }
  int descriptor = pick(2) ? signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC) : -1;
  for (;;) {
    if (descriptor >= 0) {
      struct signalfd_siginfo info;
      if (read(descriptor, &info, sizeof info) != sizeof info) break;
      say("signalfd %s code %d value %d from %s", sig((int)info.ssi_signo), info.ssi_code, info.ssi_int,
          (pid_t)info.ssi_pid == getpid() ? "self" : (pid_t)info.ssi_pid == child ? "child" : "other");
    } else {
      siginfo_t info;
      if (sigtimedwait(&signals, &info, &(struct timespec){0}) < 0) break;
      say_record("waited for", record_of(&info), child);
    }
  }
  say("then %s", why(errno));
  if (descriptor >= 0) close(descriptor);
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

// A child and its parent send each other signals, and wait for them.
void signal_talk(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  sigaddset(&signals, SIGRTMIN + 3);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  int number = pick(2) ? SIGUSR1 : SIGRTMIN + 3;
  unsigned rounds = 1 + pick(10), way = pick(3);
  bool by_descriptor = pick(2);
  pid_t parent = getpid();
  pid_t child = make("other");
  pid_t other = child ? child : parent;
  int descriptor = by_descriptor ? signalfd(-1, &signals, SFD_CLOEXEC) : -1;
  for (unsigned i = 0; i < rounds * 2 + 1 && child >= 0; i++) {
    if ((i & 1) == (child == 0)) {
      if (way == 0) kill(other, number);
      else if (way == 1) sigqueue(other, number, (union sigval){.sival_int = (int)i});
      else {
        int process = (int)syscall(SYS_pidfd_open, other, 0);
        if (syscall(SYS_pidfd_send_signal, process, number, NULL, 0)) say("pidfd_send_signal: %s", why(errno));
        close(process);
      }
      if (child && i == rounds * 2) break;
    } else if (by_descriptor) {
      struct signalfd_siginfo info;
      ssize_t count = read(descriptor, &info, sizeof info);
      say("heard %s code %d value %d from %s, %s", sig((int)info.ssi_signo), info.ssi_code, info.ssi_int,
          (pid_t)info.ssi_pid == other ? "the other" : "another", count < 0 ? why(errno) : "ok");
    } else {
      siginfo_t info;
      int result = sigwaitinfo(&signals, &info);
      say("heard %s code %d value %d from %s, %s", sig(info.si_signo), info.si_code,
          info.si_code == SI_QUEUE ? info.si_value.sival_int : 0, info.si_pid == other ? "the other" : "another",
          result < 0 ? why(errno) : "ok");
    }
  }
  if (descriptor >= 0) close(descriptor);
  if (child == 0) end_somehow();
  await(child, "other");
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

void timers(void) {
  unsigned kind = pick(5);
  pid_t child = make("timed");
  if (child == 0) {
    sigset_t signals;
    sigemptyset(&signals);
    timer_t timer;
    struct itimerspec soon = {.it_value = {.tv_nsec = 1000000 + pick(2000000)}};
    switch (kind) {
      case 0:
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_usec = 1 + pick(3000)}}, NULL);
        for (;;) pause();
      case 1: {
        mask(SIG_BLOCK, SIGALRM);
        sigaddset(&signals, SIGALRM);
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_usec = 1 + pick(3000)}}, NULL);
        siginfo_t info;
        sigwaitinfo(&signals, &info);
        say_record("waited for", record_of(&info), 0);
        _exit(0);
      }
      case 2:
      case 3: {
        int number = kind == 2 ? SIGRTMIN + 4 : SIGALRM;
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number, .sigev_value = {.sival_int = 42}};
        if (kind == 3) {
          event.sigev_notify = SIGEV_THREAD_ID;
          event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
        }
        mask(SIG_BLOCK, number);
        on(number, note, 0);
        timer_create(CLOCK_MONOTONIC, &event, &timer);
        timer_settime(timer, 0, &soon, NULL);
        sigset_t none;
        sigemptyset(&none);
        say("sigsuspend: %s", sigsuspend(&none) ? why(errno) : "ok");
        say_records("handled", 0);
        _exit(0);
      }
      default:
        // A timer of the time that the process itself uses.
        setitimer(ITIMER_VIRTUAL, &(struct itimerval){.it_value = {.tv_usec = 2000}}, NULL);
        for (volatile unsigned i = 0;; i++) {
        }
    }
  }
  await(child, "timed");
}

void child_signals(void) {
  record_count = 0;
  unsigned kind = pick(4), count = 1 + pick(4);
  if (kind == 0) set(SIGCHLD, SIG_IGN);
  else if (kind == 1) on(SIGCHLD, note, SA_NOCLDWAIT | SA_RESTART);
  else on(SIGCHLD, note, (pick(2) ? SA_RESTART : 0) | (pick(2) ? SA_NOCLDSTOP : 0));
  sigset_t before, none;
  sigemptyset(&none);
  for (unsigned i = 0; i < count; i++) {
    if (kind >= 2) {
      sigset_t chld;
      sigemptyset(&chld);
      sigaddset(&chld, SIGCHLD);
      pthread_sigmask(SIG_BLOCK, &chld, &before);
    }
    pid_t child = make("c");
    if (child == 0) {
      snprintf(path + strlen(path), 10, "%u", i);
      nap(500);
      end_somehow();
    }
    if (kind >= 2) {
      // There is one signal for each child.
      while (record_count == 0) sigsuspend(&before);
      say_records("notified", child);
      await(child, "c");
      pthread_sigmask(SIG_SETMASK, &before, NULL);
    } else {
      int result;
      do result = waitpid(child, NULL, 0);
      while (result < 0 && errno == EINTR);
      say("wait: %s", result < 0 ? why(errno) : "ok");
    }
  }
  if (kind == 1) say("notified %d", record_count > 0);
  set(SIGCHLD, SIG_DFL);
  record_count = 0;
}
