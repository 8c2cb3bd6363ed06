internal import TestSupport
internal import Testing

/// The command stops without a signal to its whole group: the parent of spawntrace sees that as it
/// would see the command's stop, and spawntrace goes on when its group is continued.
struct CommandStopTests {
  /// Reports how its job stops and ends, and continues the job's group.
  private static let shell = """
    int main(int count, char **arguments) {
      pid_t job = fork();
      if (job == 0) {
        setpgid(0, 0);
        execvp(arguments[1], arguments + 1);
        _exit(97);
      }
      setpgid(job, job);
      for (int status = 0x7f; WIFSTOPPED(status); kill(-job, SIGCONT)) {
        status = waited(job, WUNTRACED);
        report("job", status);
      }
      return 0;
    }
    """

  @Test(
    arguments: TracingMechanism.allCases, ["SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU"])
  func `it stops itself alone`(_ mechanism: TracingMechanism, signal: String) throws {
    let shell = try CProgram.withPrelude(Self.shell)
    let command = try CProgram.withPrelude(
      """
      int main(void) {
        for (int i = 0; i < 3; i++) kill(getpid(), \(signal));
        return 3;
      }
      """)
    let bare = try ChildProcess.run([shell, command])
    #expect(bare.standardOutput.hasSuffix("job: exited 3\n"))
    let traced = try ChildProcess.run(
      [shell, Traced.binary, "run"] + mechanism.options + ["--", command])
    #expect(traced.standardOutput == bare.standardOutput)
    #expect(traced.ending == bare.ending)
  }

  /// SIGTTOU goes to the whole group, and spawntrace has it blocked for its own output.
  @Test(arguments: TracingMechanism.allCases)
  func `a background job that may not write`(_ mechanism: TracingMechanism) throws {
    let script = """
      set -m
      stty tostop
      "$@" &
      until jobs > list; grep -q Stopped list; do :; done
      stty -tostop
      cut -c1-11 list
      fg > list
      echo "has $?"
      """
    try TestTerminal.expectSame(
      ["sh", "-c", script, "sh", "echo", "written"], tracingLast: 2, keys: "", mechanism,
      job: "job: exited 0\n")
  }
}
