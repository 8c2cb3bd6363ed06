internal import TestSupport
internal import Testing

/// On a terminal, as the foreground job of a shell: the program gets keys, groups and stops.
struct TerminalTests {
  @Test(arguments: TracingMechanism.allCases)
  func `the program has the terminal`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      """
      #include <sys/ioctl.h>
      #include <termios.h>
      int main(void) {
        struct winsize size;
        need(ioctl(0, TIOCGWINSZ, &size) == 0);
        printf("%d%d%d %dx%d\\n", isatty(0), isatty(1), isatty(2), size.ws_row, size.ws_col);
        printf("foreground %d, session %d\\n", tcgetpgrp(0) == getpgrp(), tcgetsid(0) == getsid(0));
        char line[16];
        printf("?");
        need(fgets(line, sizeof line, stdin));
        // A child in the background may neither read nor become the foreground.
        pid_t child = fork();
        if (child == 0) {
          setpgid(0, 0);
          read(0, line, 1);
          tcsetpgrp(0, getpgrp());
          _exit(3);
        }
        report("reads", waited(child, WUNTRACED));
        kill(child, SIGKILL);
        report("reads", waited(child, 0));
        return 7;
      }
      """, keys: "\n", mechanism, job: "job: exited 7\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `Ctrl-C, Ctrl-backslash and Ctrl-D arrive once`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      """
      static volatile sig_atomic_t heard, times;
      static void hear(int signal) {
        heard = signal;
        times++;
      }
      int main(void) {
        sigset_t both, before;
        sigemptyset(&both);
        sigaddset(&both, SIGINT);
        sigaddset(&both, SIGQUIT);
        sigprocmask(SIG_BLOCK, &both, &before);
        signal(SIGINT, hear);
        signal(SIGQUIT, hear);
        for (int i = 0; i < 2; i++) {
          printf("?");
          sigsuspend(&before);
          printf(" %d, %d times\\n", heard, times);
        }
        char line[16];
        printf("?");
        printf("%d\\n", fgets(line, sizeof line, stdin) == NULL);
        signal(SIGINT, SIG_DFL);
        sigprocmask(SIG_SETMASK, &before, NULL);
        printf("?");
        for (;;) pause();
      }
      """, keys: "\u{3}\u{1c}\u{4}\u{3}", mechanism, job: "job: killed 2\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `Ctrl-Z stops the job, and fg goes on with it`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      """
      static volatile sig_atomic_t heard;
      static void hear(int signal) { heard++; }
      int main(void) {
        sigset_t one, before;
        sigemptyset(&one);
        sigaddset(&one, SIGCONT);
        sigprocmask(SIG_BLOCK, &one, &before);
        signal(SIGCONT, hear);
        for (int i = 0; i < 3; i++) {
          printf("?");
          while (heard == i) sigsuspend(&before);
          printf(" on\\n");
        }
        return 0;
      }
      """, keys: "\u{1a}\u{1a}\u{1a}", mechanism,
      job: String(repeating: "job: stopped 20\n", count: 3) + "job: exited 0\n")
  }

  /// The kernel sends SIGHUP to the whole foreground group; the program may take its time to end.
  @Test(arguments: TracingMechanism.allCases)
  func `the terminal is closed`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      """
      int main(void) {
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, SIGHUP);
        sigprocmask(SIG_BLOCK, &one, NULL);
        printf("?");
        int heard = 0;
        need(sigwait(&one, &heard) == 0 && heard == SIGHUP);
        char byte;
        need(read(0, &byte, 1) <= 0);
        usleep(50000);
        return 4;
      }
      """, keys: "!", mechanism, job: "shell: killed 1\njob: exited 4\n")
    try expectSame(
      """
      int main(void) {
        printf("?");
        for (;;) pause();
      }
      """, keys: "!", mechanism, job: "shell: killed 1\njob: killed 1\n")
  }
}
