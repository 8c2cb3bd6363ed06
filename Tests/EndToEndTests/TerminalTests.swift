internal import TestSupport
internal import Testing

/// On a terminal, as the foreground job of a shell: keys, groups and stops are the program's.
@Suite("Terminal")
struct TerminalTests {
  /// A terminal with a shell that runs one job in its foreground, and a typist, who types the next of
  /// the given keys whenever the terminal shows a question mark; `!` closes the terminal. Standard
  /// output is what the terminal shows, standard error what the shell is told of its job, or how the
  /// job ends without it.
  private static let terminal = """
    #include <sys/ioctl.h>
    #include <termios.h>
    static int seen[2];
    /// What a terminal still has to show is lost when the leader of its session ends.
    static void end(int tty) {
      char all;
      need(write(tty, "!", 1) == 1 && close(seen[1]) == 0 && read(seen[0], &all, 1) == 0);
      _exit(0);
    }
    static void shell(int terminal, char **command) {
      char name[64];
      need(ptsname_r(terminal, name, sizeof name) == 0 && close(terminal) == 0 && setsid() > 0);
      int tty = open(name, O_RDWR | O_CLOEXEC);
      need(tty >= 0 && ioctl(tty, TIOCSCTTY, 0) == 0);
      signal(SIGTTOU, SIG_IGN);
      pid_t job = fork();
      if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(tty, getpid());
        signal(SIGTTOU, SIG_DFL);
        for (int i = 0; i < 3; i++) dup2(tty, i);
        execvp(command[0], command);
        _exit(97);
      }
      setpgid(job, job);
      dup2(2, 1);
      for (;;) {
        int status = waited(job, WUNTRACED);
        told("job", status);
        if (!WIFSTOPPED(status)) end(tty);
        tcsetpgrp(tty, getpgrp());
        tcsetpgrp(tty, job);
        kill(-job, SIGCONT);
      }
    }
    int main(int count, char **arguments) {
      int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
      need(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
      struct winsize size = {33, 77};
      need(ioctl(terminal, TIOCSWINSZ, &size) == 0);
      need(pipe2(seen, O_CLOEXEC) == 0);
      pid_t child = fork();
      if (child == 0) shell(terminal, arguments + 2);
      char *keys = arguments[1], shown;
      while (read(terminal, &shown, 1) == 1)
        if (shown == '!') close(seen[1]);
        else if (shown != '?') need(write(1, &shown, 1) == 1);
        else if (*keys == '!') break;
        else if (*keys) need(write(terminal, keys++, 1) == 1);
      if (*keys != '!') return WEXITSTATUS(waited(child, 0));
      need(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
      close(terminal);
      dup2(2, 1);
      int status;
      for (pid_t ended; (ended = wait(&status)) > 0;) told(ended == child ? "shell" : "job", status);
      return 0;
    }
    """

  private func expectSame(
    _ program: String, keys: String, _ mechanism: TracingMechanism, job: String
  ) throws {
    let terminal = try CProgram.withPrelude(Self.terminal)
    let program = try CProgram.withPrelude(program)
    let bare = try ChildProcess.run([terminal, keys, program], timeout: 20)
    let traced = try ChildProcess.run(
      [terminal, keys, Traced.binary, "run"] + mechanism.options + ["--", program], timeout: 20)
    #expect(bare.ending == "status 0")
    #expect(bare.standardError == job)
    #expect(traced.standardOutput == bare.standardOutput)
    #expect(traced.standardError == bare.standardError)
    #expect(traced.ending == bare.ending)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `the terminal is the program's`(_ mechanism: TracingMechanism) throws {
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
        told("reads", waited(child, WUNTRACED));
        kill(child, SIGKILL);
        told("reads", waited(child, 0));
        return 7;
      }
      """, keys: "\n", mechanism, job: "job: exited 7\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `Ctrl-C, Ctrl-backslash and Ctrl-D are heard once`(_ mechanism: TracingMechanism) throws {
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

  /// The kernel tells the whole foreground group; the program may take its time over its answer.
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
