internal import TestSupport
internal import Testing

/// A process dies of the same signal for its parent in the tree and for the parent of spawntrace.
struct DeathTests {
  /// Lets a child die of each signal but those that stop, or lets it execute the given command with
  /// the signal's number in the environment. Prints the whole wait status.
  private static let parent = """
    int main(int count, char **arguments) {
      struct rlimit none = {0, 0};
      need(setrlimit(RLIMIT_CORE, &none) == 0);
      for (int number = 1; number <= SIGRTMAX; number++) {
        if (number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU) continue;
        pid_t child = fork();
        if (child == 0) {
          char text[16];
          snprintf(text, sizeof text, "%d", number);
          need(setenv("NUMBER", text, 1) == 0);
          if (count > 1) execvp(arguments[1], arguments + 1);
          kill(getpid(), number);
          _exit(0);
        }
        printf("%d: %#x\\n", number, waited(child, 0));
      }
    }
    """

  @Test(arguments: TracingMechanism.allCases)
  func `a child dies of each signal`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(program: Self.parent, mechanism)
    // The other signals are ignored by default (signal(7)).
    let killed = run.outcome.standardOutput.split(separator: "\n").filter { !$0.hasSuffix(": 0") }
    #expect(killed.count > 50)
    #expect(run.report?.processes.count { $0.exit?.signal != nil } == killed.count)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `the command dies of each signal`(_ mechanism: TracingMechanism) throws {
    let parent = try CProgram.withPrelude(Self.parent)
    let command = try CProgram.withPrelude(
      """
      int main(void) {
        kill(getpid(), atoi(getenv("NUMBER")));
        return 0;
      }
      """)
    let bare = try ChildProcess.run([parent, command])
    #expect(bare.standardOutput.contains("\n15: 0xf\n"))
    let traced = try ChildProcess.run(
      [parent, Traced.binary, "run"] + mechanism.options + ["--", command], timeout: 120)
    #expect(traced.standardOutput == bare.standardOutput)
    #expect(traced.standardError == bare.standardError)
  }

  /// The children's core flags and core files, with a limit of zero and with the highest one.
  @Test(arguments: TracingMechanism.allCases, [false, true])
  func `core files of the tree's processes`(_ mechanism: TracingMechanism, wanted: Bool) throws {
    let look = { (command: (String) -> [String]) in
      let folder = try ScratchFolder()
      let program = try CProgram.withPrelude(
        """
        int main(int count, char **arguments) {
          struct rlimit limit;
          need(getrlimit(RLIMIT_CORE, &limit) == 0);
          limit.rlim_cur = \(wanted ? "limit.rlim_max" : "0");
          need(setrlimit(RLIMIT_CORE, &limit) == 0);
          int numbers[] = {SIGSEGV, SIGQUIT, SIGTERM};
          for (int i = 0; i < 3; i++) {
            pid_t child = fork();
            if (child == 0) {
              raise(numbers[i]);
              _exit(0);
            }
            printf("%#x\\n", waited(child, 0));
          }
          return 0;
        }
        """)
      let outcome = try ChildProcess.run(command(program), in: folder.path)
      #expect(outcome.ending == "status 0" && outcome.standardError == "")
      let files = try ChildProcess.run(["sh", "-c", "ls | tr -d 0-9"], in: folder.path)
      return outcome.standardOutput + files.standardOutput
    }
    let bare = try look { [$0] }
    let options = mechanism.options
    #expect(try look { [Traced.binary, "run"] + options + ["--", $0] } == bare)
    if !wanted { #expect(bare == "0xb\n0x3\n0xf\n") }
  }

  /// spawntrace dies of the same signal without a core file of its own, and so without the core
  /// flag: its parent sees the signal alone.
  @Test(arguments: TracingMechanism.allCases)
  func `the command's core flag`(_ mechanism: TracingMechanism) throws {
    let waiter = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        struct rlimit limit;
        need(getrlimit(RLIMIT_CORE, &limit) == 0);
        limit.rlim_cur = limit.rlim_max;
        need(setrlimit(RLIMIT_CORE, &limit) == 0);
        pid_t child = fork();
        if (child == 0) execvp(arguments[1], arguments + 1);
        int status = waited(child, 0);
        report("command", status);
        fprintf(stderr, "%d\\n", WCOREDUMP(status) != 0);
      }
      """)
    let look = { (command: [String]) in
      let folder = try ScratchFolder()
      let outcome = try ChildProcess.run([waiter] + command, in: folder.path)
      let files = try ChildProcess.run(["sh", "-c", "ls | tr -d 0-9"], in: folder.path)
      return (outcome, files.standardOutput)
    }
    let command = try CProgram.withPrelude("int main(void) { abort(); }")
    let bare = try look([command])
    #expect(bare.0.standardOutput == "command: killed 6\n")
    let traced = try look([Traced.binary, "run"] + mechanism.options + ["--", command])
    #expect(traced.0.standardOutput == bare.0.standardOutput)
    #expect(traced.1 == bare.1)
    #expect(traced.0.standardError == "0\n")
  }
}
