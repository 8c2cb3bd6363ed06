internal import TestSupport
internal import Testing

/// Every signal reaches the program as it was sent, and the program can do with it what it likes.
struct SignalTests {
  @Test(arguments: TracingMechanism.allCases)
  func `each signal arrives once, with its sender`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static void hear(int signal, siginfo_t *info, void *context) {
          printf("%d from %s, code %d\\n", signal, info->si_pid == getpid() ? "itself" : "others",
                 info->si_code);
        }
        int main(void) {
          struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
          for (int signal = 1; signal <= SIGRTMAX; signal++)
            if (sigaction(signal, &action, NULL) == 0) kill(getpid(), signal);
          for (int signal = 1; signal <= SIGRTMAX; signal++)
            if (sigaction(signal, NULL, NULL) == 0 && signal != SIGKILL && signal != SIGSTOP)
              tgkill(getpid(), gettid(), signal);
        }
        """, mechanism)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `queued signals keep their order and values`(_ mechanism: TracingMechanism) throws {
    let expected = (0..<2).flatMap { which in
      (0..<8).map { "RTMIN+\(which) \($0 * 10 + which)\n" }
    }
    try expectSame(
      program: """
        static void hear(int signal, siginfo_t *info, void *context) {
          printf("RTMIN+%d %d\\n", signal - SIGRTMIN, info->si_value.sival_int);
        }
        int main(void) {
          struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
          sigfillset(&action.sa_mask);
          sigset_t both;
          sigemptyset(&both);
          for (int i = 0; i < 2; i++) {
            sigaction(SIGRTMIN + i, &action, NULL);
            sigaddset(&both, SIGRTMIN + i);
          }
          sigprocmask(SIG_BLOCK, &both, NULL);
          pid_t self = getpid(), child = fork();
          if (child == 0) {
            for (int i = 0; i < 16; i++)
              sigqueue(self, SIGRTMIN + i % 2, (union sigval){i / 2 * 10 + i % 2});
            _exit(0);
          }
          waited(child, 0);
          sigprocmask(SIG_UNBLOCK, &both, NULL);
        }
        """, mechanism, printing: expected.joined())
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a program starts with the mask and the dispositions of its caller`(
    _ mechanism: TracingMechanism
  ) throws {
    let lines = "^(Sig(Pnd|Blk|Ign|Cgt)|ShdPnd)"
    try expectSame(["sh", "-c", "grep -E '\(lines)' /proc/self/status; true"], mechanism)
    try expectSame(["grep", "-E", lines, "/proc/self/status"], mechanism)
  }

  /// The caller blocks and ignores signals that the tracer itself uses.
  @Test(
    arguments: TracingMechanism.allCases,
    ["SIGCHLD", "SIGPIPE", "SIGTTOU", "SIGHUP", "SIGINT", "SIGTERM", "SIGUSR1", "SIGRTMIN + 3"])
  func `a caller that ignores or blocks a signal`(
    _ mechanism: TracingMechanism, signal: String
  ) throws {
    let caller = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, \(signal));
        if (*arguments[1] == 'i') signal(\(signal), SIG_IGN);
        if (*arguments[1] == 'b') sigprocmask(SIG_BLOCK, &one, NULL);
        execvp(arguments[2], arguments + 2);
      }
      """)
    let show = ["grep", "-E", "^(Sig(Blk|Ign|Cgt))", "/proc/self/status"]
    for how in ["ignored", "blocked"] {
      let bare = try ChildProcess.run([caller, how] + show)
      let traced = try ChildProcess.run(
        [caller, how, Traced.binary, "run"] + mechanism.options + ["--"] + show)
      #expect(bare.ending == "status 0")
      #expect(traced.standardOutput == bare.standardOutput, "\(how)")
      #expect(traced.ending == bare.ending)
      #expect(traced.standardError == bare.standardError)
    }
  }

  @Test(arguments: TracingMechanism.allCases)
  func `blocked and ignored signals go over fork and exec`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static void print_signals(void) {
          char line[256];
          FILE *status = fopen("/proc/self/status", "r");
          while (fgets(line, sizeof line, status))
            // SigQ counts what is queued for all of the user's processes.
            if (strncmp(line, "SigQ", 4) && (!strncmp(line, "Sig", 3) || !strncmp(line, "Shd", 3)))
              fputs(line, stdout);
          fclose(status);
        }
        static void hear(int signal) {}
        int main(int count, char **arguments) {
          if (count == 1) {
            sigset_t two;
            sigemptyset(&two);
            sigaddset(&two, SIGUSR2);
            sigaddset(&two, SIGRTMAX);
            sigprocmask(SIG_BLOCK, &two, NULL);
            signal(SIGPIPE, SIG_IGN);
            signal(SIGHUP, SIG_IGN);
            signal(SIGTERM, hear);
            raise(SIGUSR2);
            sigqueue(getpid(), SIGRTMAX, (union sigval){7});
          }
          print_signals();
          pid_t child = fork();
          if (child == 0) {
            print_signals();
            _exit(0);
          }
          waited(child, 0);
          if (count == 1) execl("/proc/self/exe", "again", "again", NULL);
        }
        """, mechanism)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `nohup`(_ mechanism: TracingMechanism) throws {
    let command = ["sh", "-c", "kill -HUP $$; echo still here; exit 6"]
    let traced = ["nohup", Traced.binary, "run"] + mechanism.options + ["--"] + command
    for words in [["nohup"] + command, traced] {
      let outcome = try ChildProcess.run(words)
      #expect(outcome.standardOutput.hasSuffix("still here\n"))
      #expect(outcome.ending == "status 6")
    }
  }

  @Test(arguments: TracingMechanism.allCases)
  func `SIGPIPE ends a writer without a reader`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      ["sh", "-c", "{ yes; echo yes: $? >&2; } | head -1"], mechanism, printing: "y\n")
    try expectSame(
      program: """
        int main(void) {
          int ends[2];
          need(pipe(ends) == 0);
          close(ends[0]);
          write(ends[1], "x", 1);
          puts("never");
        }
        """, mechanism, printing: "", ending: "signal 13")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a fault with a handler`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        #include <setjmp.h>
        static sigjmp_buf back;
        static void hear(int signal, siginfo_t *info, void *context) {
          printf("%d at %p, code %d\\n", signal, info->si_addr, info->si_code);
          siglongjmp(back, 1);
        }
        int main(void) {
          struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
          sigaction(SIGSEGV, &action, NULL);
          for (volatile int i = 0; i < 100; i++)
            if (sigsetjmp(back, 1) == 0) *(volatile int *)(0x1000L + i) = 1;
          action.sa_handler = SIG_DFL;
          sigaction(SIGSEGV, &action, NULL);
          *(volatile int *)0x1000 = 1;
        }
        """, mechanism, ending: "signal 11")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `sigwait, sigtimedwait and signalfd`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          sigset_t set;
          sigemptyset(&set);
          sigaddset(&set, SIGUSR1);
          sigaddset(&set, SIGCHLD);
          sigaddset(&set, SIGRTMIN);
          sigprocmask(SIG_BLOCK, &set, NULL);
          int signal = 0, file = signalfd(-1, &set, SFD_CLOEXEC);
          kill(getpid(), SIGUSR1);
          need(sigwait(&set, &signal) == 0);
          printf("%d\\n", signal);
          pid_t child = fork();
          if (child == 0) _exit(13);
          siginfo_t info;
          need(sigwaitinfo(&set, &info) == SIGCHLD);
          printf("%d %d %d\\n", info.si_pid == child, info.si_code, info.si_status);
          waited(child, 0);
          for (int i = 0; i < 3; i++) sigqueue(getpid(), SIGRTMIN, (union sigval){i});
          for (int i = 0; i < 3; i++) {
            struct signalfd_siginfo got;
            need(read(file, &got, sizeof got) == sizeof got);
            printf("%u %d\\n", got.ssi_signo, got.ssi_int);
          }
          struct timespec none = {0, 0};
          need(sigtimedwait(&set, NULL, &none) == -1);
          puts(strerrorname_np(errno));
        }
        """, mechanism, printing: "10\n1 1 13\n34 0\n34 1\n34 2\nEAGAIN\n")
  }
}
