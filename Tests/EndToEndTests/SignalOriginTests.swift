internal import TestSupport
internal import Testing

/// Each way in which a signal can come, and each in which a program can receive it.
struct SignalOriginTests {
  /// Sends a signal to a thread of its child in each way, and the thread prints what comes.
  private static let senders = """
    static atomic_int *id, *heard;
    static void hear(int signal, siginfo_t *info, void *context) {
      printf("%d, code %d, by %s of uid %d, value %d, to %s\\n", signal, info->si_code,
             info->si_pid == getppid() ? "parent" : "other", info->si_uid == getuid(),
             info->si_code == SI_QUEUE ? info->si_value.sival_int : -1,
             gettid() == getpid() ? "leader" : "thread");
      atomic_fetch_add(heard, 1);
    }
    static void *worker(void *unused) {
      sigset_t none;
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, NULL);
      *id = gettid();
      for (;;) pause();
    }
    int main(void) {
      id = shared(sizeof *id);
      heard = shared(sizeof *heard);
      sigset_t all;
      sigfillset(&all);
      sigprocmask(SIG_BLOCK, &all, NULL);
      pid_t child = fork();
      if (child == 0) {
        struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
        sigaction(SIGRTMIN, &action, NULL);
        // The leader blocks all signals: the thread gets those to the process, too.
        thread(worker, NULL);
        for (;;) pause();
      }
      while (*id == 0) sched_yield();
      int file = syscall(SYS_pidfd_open, child, 0);
      siginfo_t info = {.si_signo = SIGRTMIN, .si_code = SI_QUEUE};
      info.si_pid = getpid();
      info.si_uid = getuid();
      info.si_value.sival_int = 41;
      for (int i = 0; i < 8; i++) {
        switch (i) {
          case 0: need(kill(child, SIGRTMIN) == 0); break;
          case 1: need(syscall(SYS_tkill, *id, SIGRTMIN) == 0); break;
          case 2: need(syscall(SYS_tgkill, child, *id, SIGRTMIN) == 0); break;
          case 3: need(sigqueue(child, SIGRTMIN, (union sigval){40}) == 0); break;
          case 4: need(syscall(SYS_rt_sigqueueinfo, child, SIGRTMIN, &info) == 0); break;
          case 5: need(syscall(SYS_rt_tgsigqueueinfo, child, *id, SIGRTMIN, &info) == 0); break;
          case 6: need(syscall(SYS_pidfd_send_signal, file, SIGRTMIN, &info, 0) == 0); break;
          case 7:
            info.si_code = -42;  // one that no kernel knows
            need(syscall(SYS_rt_sigqueueinfo, child, SIGRTMIN, &info) == 0);
        }
        while (*heard <= i) sched_yield();
      }
      need(kill(child, SIGTERM) == 0);
      report("child", waited(child, 0));
    }
    """

  /// To a thread and to the process, with a value and without one.
  @Test(arguments: TracingMechanism.allCases)
  func `kill, tkill, tgkill, sigqueue and their kin`(_ mechanism: TracingMechanism) throws {
    let codes = [(0, -1), (-6, -1), (-6, -1), (-1, 40), (-1, 41), (-1, 41), (-1, 41), (-42, -1)]
    try expectSame(
      program: Self.senders, mechanism,
      printing: codes.map {
        "34, code \($0.0), by parent of uid 1, value \($0.1), to thread\n"
      }.joined() + "child: killed 15\n")
  }

  /// Prints the signal of each kind of timer, and whether one goes over fork and exec.
  private static let timers = """
    static void hear(int signal, siginfo_t *info, void *context) {
      printf("%d, code %d, value %d\\n", signal, info->si_code, info->si_value.sival_int);
    }
    /// The clocks of CPU time go on only while it runs.
    static void suspended(int signal) {
      sigset_t none, pending;
      sigemptyset(&none);
      do sigpending(&pending);
      while (!sigismember(&pending, signal));
      sigsuspend(&none);
    }
    static void *timed(void *unused) {
      sigset_t one;
      sigemptyset(&one);
      sigaddset(&one, SIGRTMIN + 2);
      siginfo_t info;
      struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
      struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 2};
      event.sigev_value.sival_int = 77;
      event._sigev_un._tid = gettid();
      timer_t timer;
      need(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
      need(timer_settime(timer, 0, &soon, NULL) == 0);
      need(sigwaitinfo(&one, &info) == SIGRTMIN + 2);
      printf("thread: code %d, value %d\\n", info.si_code, info.si_value.sival_int);
      return NULL;
    }
    static _Noreturn void left(const char *name) {
      struct itimerval left;
      need(getitimer(ITIMER_REAL, &left) == 0);
      printf("%s: %d\\n", name, left.it_value.tv_sec > 900);
      _exit(0);
    }
    int main(int count, char **arguments) {
      if (count > 1) left("program");
      struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
      sigset_t all;
      sigfillset(&all);
      sigprocmask(SIG_BLOCK, &all, NULL);
      int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_PROCESS_CPUTIME_ID};
      for (int i = 0; i < 4; i++) {
        sigaction(SIGRTMIN + i, &action, NULL);
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + i};
        event.sigev_value.sival_int = 100 + i;
        struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
        timer_t timer;
        need(timer_create(clocks[i], &event, &timer) == 0);
        need(timer_settime(timer, 0, &soon, NULL) == 0);
        suspended(SIGRTMIN + i);
        timer_delete(timer);
      }
      int kinds[] = {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};
      int signals[] = {SIGALRM, SIGVTALRM, SIGPROF};
      for (int i = 0; i < 3; i++) {
        struct itimerval soon = {.it_value = {.tv_usec = 1000}};
        sigaction(signals[i], &action, NULL);
        need(setitimer(kinds[i], &soon, NULL) == 0);
        suspended(signals[i]);
      }
      pthread_join(thread(timed, NULL), NULL);
      // It goes over exec, not over fork.
      struct itimerval later = {.it_value = {.tv_sec = 1000}};
      need(setitimer(ITIMER_REAL, &later, NULL) == 0);
      pid_t child = fork();
      if (child == 0) left("child");
      waited(child, 0);
      execl("/proc/self/exe", "again", "again", NULL);
    }
    """

  @Test(arguments: TracingMechanism.allCases)
  func `timers`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: Self.timers, mechanism,
      printing: """
        34, code -2, value 100
        35, code -2, value 101
        36, code -2, value 102
        37, code -2, value 103
        14, code 128, value 0
        26, code 128, value 0
        27, code 128, value 0
        thread: code -2, value 77
        child: 0
        program: 1

        """)
  }

  /// SA_ONSTACK, SA_NODEFER, SA_RESETHAND, and signals that are ignored.
  @Test(arguments: TracingMechanism.allCases)
  func `handlers with flags`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static stack_t other;
        static void hear(int signal, siginfo_t *info, void *context) {
          char here;
          sigset_t mask;
          sigprocmask(SIG_SETMASK, NULL, &mask);
          printf("%d, blocked %d %d, on the other stack %d\\n", signal, sigismember(&mask, signal),
                 sigismember(&mask, SIGUSR2), &here >= (char *)other.ss_sp &&
                 &here < (char *)other.ss_sp + other.ss_size);
          if (signal == SIGUSR1) raise(SIGHUP);
        }
        int main(void) {
          other = (stack_t){.ss_sp = shared(65536), .ss_size = 65536};
          need(sigaltstack(&other, NULL) == 0);
          struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
          sigaction(SIGUSR1, &action, NULL);
          action.sa_flags |= SA_ONSTACK | SA_NODEFER;
          sigaddset(&action.sa_mask, SIGUSR2);
          sigaction(SIGHUP, &action, NULL);
          action.sa_flags = SA_SIGINFO | SA_RESETHAND;
          sigaction(SIGQUIT, &action, NULL);
          raise(SIGUSR1);
          raise(SIGQUIT);
          sigaction(SIGQUIT, NULL, &action);
          printf("reset %d\\n", action.sa_handler == SIG_DFL);
          // Two that are ignored by default, and one that the program ignores.
          raise(SIGCHLD);
          raise(SIGURG);
          signal(SIGQUIT, SIG_IGN);
          raise(SIGQUIT);
          puts("here");
        }
        """, mechanism,
      printing: """
        10, blocked 1 0, on the other stack 0
        1, blocked 0 1, on the other stack 1
        3, blocked 1 1, on the other stack 0
        reset 1
        here

        """)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `sigwait in threads, and signalfd with a sender`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        /// All threads block the signal: a thread that waits for it gets it.
        static int file;
        static void *waiter(void *unused) {
          sigset_t one;
          sigemptyset(&one);
          sigaddset(&one, SIGUSR1);
          int signal = 0;
          need(sigwait(&one, &signal) == 0);
          return (void *)(long)signal;
        }
        int main(void) {
          sigset_t two;
          sigemptyset(&two);
          sigaddset(&two, SIGUSR1);
          sigaddset(&two, SIGUSR2);
          sigprocmask(SIG_BLOCK, &two, NULL);
          sigdelset(&two, SIGUSR1);
          file = signalfd(-1, &two, SFD_CLOEXEC | SFD_NONBLOCK);
          for (int i = 0; i < 100; i++) {
            pthread_t threads[3];
            for (int k = 0; k < 3; k++) threads[k] = thread(waiter, NULL);
            long sum = 0;
            // Each to one thread, whether it waits already or not.
            for (int k = 0; k < 3; k++) pthread_kill(threads[k], SIGUSR1);
            for (int k = 0; k < 3; k++) {
              void *heard;
              pthread_join(threads[k], &heard);
              sum += (long)heard;
            }
            need(sum == 3 * SIGUSR1);
          }
          struct pollfd entry = {.fd = file, .events = POLLIN};
          printf("%d\\n", poll(&entry, 1, 0));
          pid_t parent = getpid(), child = fork();
          if (child == 0) {
            sigqueue(parent, SIGUSR2, (union sigval){5});
            _exit(0);
          }
          struct signalfd_siginfo got;
          need(poll(&entry, 1, -1) == 1 && read(file, &got, sizeof got) == sizeof got);
          printf("%u from the child %d, value %d, code %d\\n", got.ssi_signo, got.ssi_pid == child,
                 got.ssi_int, got.ssi_code);
          waited(child, 0);
        }
        """, mechanism, printing: "0\n12 from the child 1, value 5, code -1\n")
  }

  /// The mask holds only during the call.
  @Test(arguments: TracingMechanism.allCases)
  func `ppoll and pselect`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static volatile sig_atomic_t heard;
        static void hear(int signal) { heard++; }
        int main(void) {
          sigset_t one, before;
          sigemptyset(&one);
          sigaddset(&one, SIGUSR1);
          sigprocmask(SIG_BLOCK, &one, &before);
          signal(SIGUSR1, hear);
          for (int i = 0; i < 2; i++) {
            pid_t parent = getpid(), child = fork();
            if (child == 0) {
              kill(parent, SIGUSR1);
              _exit(0);
            }
            if (i == 0) need(ppoll(NULL, 0, NULL, &before) < 0 && errno == EINTR);
            if (i == 1) need(pselect(0, NULL, NULL, NULL, NULL, &before) < 0 && errno == EINTR);
            printf("heard %d\\n", heard);
            waited(child, 0);
          }
        }
        """, mechanism, printing: "heard 1\nheard 2\n")
  }
}
