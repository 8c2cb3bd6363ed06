internal import TestSupport
internal import Testing

/// Signals in the middle of system calls: a call is restarted, or fails, as without spawntrace.
struct InterruptionTests {
  @Test(arguments: TracingMechanism.allCases, ["0", "SA_RESTART"])
  func `SIGALRM during nanosleep and read`(_ mechanism: TracingMechanism, flags: String) throws {
    try expectSame(
      program: """
        static int ends[2];
        static volatile sig_atomic_t heard;
        static void hear(int signal) {
          heard++;
          write(ends[1], "x", 1);
        }
        int main(void) {
          need(pipe(ends) == 0);
          struct sigaction action = {.sa_handler = hear, .sa_flags = \(flags)};
          sigaction(SIGALRM, &action, NULL);
          struct itimerval soon = {.it_value = {.tv_usec = 20000}};
          setitimer(ITIMER_REAL, &soon, NULL);
          struct timespec ten = {10, 0}, left = {0, 0};
          int slept = nanosleep(&ten, &left);
          printf("%d %s, some left %d\\n", slept, strerrorname_np(errno), left.tv_sec > 0);
          char byte;
          need(read(ends[0], &byte, 1) == 1);
          errno = 0;
          setitimer(ITIMER_REAL, &soon, NULL);
          int got = read(ends[0], &byte, 1);
          printf("%d %d, heard %d\\n", got, errno, heard);
        }
        """, mechanism)
  }

  /// An open that waits at a notification must not be interrupted: it would fail or be seen twice.
  @Test(arguments: TracingMechanism.allCases)
  func `an interval timer during ten thousand opens`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static volatile sig_atomic_t heard;
        static void hear(int signal) { heard++; }
        int main(void) {
          struct sigaction action = {.sa_handler = hear};
          sigaction(SIGALRM, &action, NULL);
          struct itimerval often = {{.tv_usec = 1000}, {.tv_usec = 1000}};
          setitimer(ITIMER_REAL, &often, NULL);
          int failed = 0;
          for (int i = 0; i < 10000 || heard == 0; i++) {
            int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
            if (file < 0) {
              printf("%s\\n", strerrorname_np(errno));
              failed++;
            }
            close(file);
          }
          printf("%d failed, some heard %d\\n", failed, heard > 0);
        }
        """, mechanism, printing: "0 failed, some heard 1\n")
  }

  /// Ctrl-C ends an `open` of a FIFO in Python because the call fails with EINTR.
  @Test(arguments: TracingMechanism.allCases)
  func `SIGALRM during the open of a FIFO`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    #expect(try ChildProcess.run(["mkfifo", "fifo"], in: folder.path).ending == "status 0")
    try expectSame(
      program: """
        static void hear(int signal) {}
        int main(void) {
          struct sigaction action = {.sa_handler = hear};
          sigaction(SIGALRM, &action, NULL);
          // More than once: the first may come before the open.
          struct itimerval often = {{.tv_usec = 20000}, {.tv_usec = 20000}};
          setitimer(ITIMER_REAL, &often, NULL);
          need(open("fifo", O_RDONLY | O_CLOEXEC) == -1);
          puts(strerrorname_np(errno));
        }
        """, mechanism, printing: "EINTR\n", in: folder.path)
  }

  /// The tracer's stops must not end a sleep or a wait that nothing else ends.
  @Test(arguments: TracingMechanism.allCases)
  func `a stop interrupts no call that goes on without spawntrace`(_ mechanism: TracingMechanism)
    throws
  {
    try expectSame(
      program: """
        int main(void) {
          int ends[2], ready[2];
          need(pipe(ends) == 0 && pipe(ready) == 0);
          pid_t child = fork();
          if (child == 0) {
            char byte;
            write(ready[1], "r", 1);
            printf("read %d\\n", (int)read(ends[0], &byte, 1));
            write(ready[1], "r", 1);
            struct pollfd entry = {.fd = ends[0], .events = POLLIN};
            printf("poll %d\\n", poll(&entry, 1, -1));
            struct timespec time = {1, 0};
            write(ready[1], "r", 1);
            printf("nanosleep %d\\n", nanosleep(&time, NULL));
            _exit(0);
          }
          long calls[] = {SYS_read, SYS_poll, SYS_clock_nanosleep};
          for (int i = 0; i < 3; i++) {
            char byte;
            need(read(ready[0], &byte, 1) == 1);
            until_waiting(child, calls[i]);
            kill(child, SIGSTOP);
            need(WIFSTOPPED(waited(child, WUNTRACED)));
            kill(child, SIGCONT);
            need(WIFCONTINUED(waited(child, WCONTINUED)));
            if (i < 2) write(ends[1], "x", 1);
          }
          report("child", waited(child, 0));
        }
        """, mechanism, printing: "read 1\npoll 1\nnanosleep 0\nchild: exited 0\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `signals to a thread that opens files`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static void hear(int signal) {}
        int main(void) {
          struct sigaction action = {.sa_handler = hear};
          sigaction(SIGUSR1, &action, NULL);
          pthread_t id = thread(opener, NULL);
          for (int i = 0; i < 2000; i++) pthread_kill(id, SIGUSR1);
          puts("two thousand");
          exit(0);
        }
        """, mechanism, printing: "two thousand\n")
  }
}
