internal import TestSupport
internal import Testing

/// spawntrace ends as the command ends.
struct EndingTests {
  @Test(arguments: TracingMechanism.allCases, [0, 1, 3, 77, 112, 125, 255])
  func `a status`(_ mechanism: TracingMechanism, status: Int) throws {
    try expectSame(["sh", "-c", "exit \(status)"], mechanism, ending: "status \(status)")
  }

  /// SIGSEGV and SIGABRT leave a core file; SIGPIPE and SIGUSR1 stand for all others.
  @Test(
    arguments: TracingMechanism.allCases,
    [("TERM", 15), ("KILL", 9), ("SEGV", 11), ("ABRT", 6), ("INT", 2), ("PIPE", 13), ("USR1", 10)])
  func `a signal`(_ mechanism: TracingMechanism, signal: (name: String, number: Int)) throws {
    let run = try expectSame(
      ["sh", "-c", "kill -\(signal.name) $$"], mechanism, ending: "signal \(signal.number)")
    #expect(run.report?.exit?.signal == signal.number)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a real-time signal`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: "int main(void) { raise(SIGRTMAX - 1); }", mechanism, ending: "signal 63")
  }

  /// The program leaves its core file, and spawntrace leaves none.
  @Test(arguments: TracingMechanism.allCases)
  func `a core file`(_ mechanism: TracingMechanism) throws {
    let program = try CProgram.withPrelude("int main(void) { abort(); }")
    let script = "ulimit -c unlimited 2>/dev/null; exec \"$@\""
    let look = { (command: [String]) in
      let folder = try ScratchFolder()
      let outcome = try ChildProcess.run(["sh", "-c", script, "sh"] + command, in: folder.path)
      #expect(outcome.ending == "signal 6")
      let check = "ls | sed 's/[0-9]//g'; grep -l spawntrace-version * 2>/dev/null"
      return try ChildProcess.run(["sh", "-c", check], in: folder.path).standardOutput
    }
    let bare = try look([program])
    #expect(try look([Traced.binary, "run"] + mechanism.options + ["--", program]) == bare)
  }

  /// All that wait(2) gives the parent of spawntrace: `$?`, `WIFSIGNALED` and the core flag.
  @Test(arguments: TracingMechanism.allCases)
  func `the whole wait status`(_ mechanism: TracingMechanism) throws {
    let waiter = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        pid_t child = fork();
        if (child == 0) execvp(arguments[1], arguments + 1);
        printf("%#x\\n", waited(child, 0));
      }
      """)
    for script in ["exit 5", "kill -SEGV $$", "kill -TERM $$"] {
      let command = ["sh", "-c", script]
      let bare = try ChildProcess.run([waiter] + command)
      let traced = try ChildProcess.run(
        [waiter, Traced.binary, "run"] + mechanism.options + ["--"] + command)
      #expect(traced.standardOutput == bare.standardOutput, "\(script)")
    }
  }
}
