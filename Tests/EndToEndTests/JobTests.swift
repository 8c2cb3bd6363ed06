internal import TestSupport
internal import Testing

/// Jobs of a real shell on a terminal: spawntrace as a job, and a shell with its jobs under
/// spawntrace.
struct JobTests {
  /// Asks for a key, and again each time it is continued.
  private static let asker = """
    static void hear(int signal) { need(write(1, "?", 1) == 1); }
    int main(void) {
      char line[8];
      signal(SIGCONT, hear);
      printf("?");
      need(fgets(line, sizeof line, stdin));
      puts("has read");
      return 5;
    }
    """

  @Test(arguments: TracingMechanism.allCases)
  func `a background job that reads stops, and fg goes on with it`(
    _ mechanism: TracingMechanism
  ) throws {
    let script = """
      set -m
      "$@" &
      until jobs > list; grep -q Stopped list; do :; done
      cut -c1-11 list
      fg > list
      echo "has $?"
      """
    let shell = ["sh", "-c", script, "sh"]
    let reader = try CProgram.withPrelude(Self.asker.replacing("printf(\"?\");", with: ""))
    try TestTerminal.expectSame(
      shell + [reader], tracingLast: 1, keys: "\n", mechanism, job: "job: exited 0\n")
    let bare = try TestTerminal.expectSame(
      shell + [reader], keys: "\n", mechanism, job: "job: exited 0\n")
    #expect(bare.standardOutput.hasSuffix("has read\r\nhas 5\r\n"))
  }

  /// Ctrl-Z reaches the shell's foreground job alone; `bg`, `fg` and `wait` work as usual.
  @Test(arguments: TracingMechanism.allCases)
  func `a shell in the tree, with foreground and background jobs`(_ mechanism: TracingMechanism)
    throws
  {
    let script = """
      set -m
      state() { jobs > list; cut -c1-11 list; }
      "$1"
      echo "has $?"
      state
      sh -c 'kill -STOP $$; exit 6'
      echo "has $?"
      state
      bg %2 > list
      wait %2
      echo "has $?"
      fg %1 > list
      echo "has $?"
      sh -c 'exit 7' &
      wait $!
      echo "has $?"
      """
    let asker = try CProgram.withPrelude(Self.asker)
    let bare = try TestTerminal.expectSame(
      ["sh", "-c", script, "sh", asker], keys: "\u{1a}\n", mechanism, job: "job: exited 0\n")
    let results = bare.standardOutput.replacing("^Z", with: "").split { $0.isNewline }
      .filter { $0.hasPrefix("has ") }
    #expect(
      results == ["has 148", "has 147", "has 6", "has read", "has 5", "has 7"])
  }
}
