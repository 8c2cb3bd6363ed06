internal import TestSupport
internal import Testing

/// A terminal for one test.
enum TestTerminal {
  /// A terminal with a shell that runs one job in its foreground. Each question mark on the
  /// terminal makes the next of the given keys come; `!` closes the terminal. Standard output is
  /// what the terminal shows, standard error what wait(2) gives the shell about its job, or how the
  /// job ends without the shell.
  private static let program = """
    #include <sys/ioctl.h>
    #include <termios.h>
    static int seen[2];
    /// The rest of a terminal's output is lost when the leader of its session ends.
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
        report("job", status);
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
      for (pid_t ended; (ended = wait(&status)) > 0;) report(ended == child ? "shell" : "job", status);
      return 0;
    }
    """

  /// Runs `command` as the job of such a terminal twice, the second time with its last `count`
  /// words under spawntrace, and expects the same.
  @discardableResult
  static func expectSame(
    _ command: [String], tracingLast count: Int? = nil, keys: String,
    _ mechanism: TracingMechanism, job: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let terminal = try CProgram.withPrelude(program)
    let folders = [try ScratchFolder(), try ScratchFolder()]
    let count = count ?? command.count
    let bare = try ChildProcess.run(
      [terminal, keys] + command, in: folders[0].path, timeout: 20)
    let traced = try ChildProcess.run(
      [terminal, keys] + command.dropLast(count) + [Traced.binary, "run"] + mechanism.options
        + ["--"] + command.suffix(count), in: folders[1].path, timeout: 20)
    #expect(bare.ending == "status 0", sourceLocation: sourceLocation)
    #expect(bare.standardError == job, sourceLocation: sourceLocation)
    #expect(traced.standardOutput == bare.standardOutput, sourceLocation: sourceLocation)
    #expect(traced.standardError == bare.standardError, sourceLocation: sourceLocation)
    #expect(traced.ending == bare.ending, sourceLocation: sourceLocation)
    return bare
  }
}

/// Does the same for the text of a C program.
func expectSame(
  _ program: String, keys: String, _ mechanism: TracingMechanism, job: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  try TestTerminal.expectSame(
    [
      try CProgram.withPrelude(
        program, file: sourceLocation.fileID, line: sourceLocation.line)
    ], keys: keys, mechanism, job: job,
    sourceLocation: sourceLocation)
}
