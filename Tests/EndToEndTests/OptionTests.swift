import TestSupport
import Testing

/// What the options of `run` do to reports and statuses.
struct OptionTests {
  private let program: SeedProgram
  private let interpreter: Interpreters.Interpreter

  init() throws {
    program = try SeedProgram()
    interpreter = try Interpreters.newest()
  }

  private func run(_ options: String...) throws -> Outcome {
    try program.run(interpreter, method: "spawn", options: options).outcome
  }

  @Test func `--report=short prints one line for editors, --report=none nothing`() throws {
    let short = try run("--report=short").standardError
    #expect(short.contains("runtest.py:\(SeedProgram.culprit): error[ST101]: "))
    #expect(!short.contains("help:"))
    #expect(try !run("--report=none").standardError.contains("spawntrace"))
  }

  @Test func `--report=short begins a line of its own, and is cut nowhere in a pipe`() throws {
    let name = String(repeating: "long", count: 50) + ".py"
    try program.folder.write(name, "print(end='no line end'); import runtest")
    let text = try Traced.run(
      [interpreter.path, name], options: ["--report=short"], in: program.folder.path,
      environment: ["METHOD": "spawn"]
    ).outcome.standardError
    let line = try #require(text.split(separator: "\n").first { $0.contains("error[ST101]") })
    #expect(line.hasPrefix("runtest.py:\(SeedProgram.culprit): error[ST101]: \(name) is run again"))
    #expect(line.hasSuffix("]") && line.utf8.count > 200)
  }

  /// Starts its arguments on a terminal with so many columns, and prints what they print there.
  private static let terminal = """
    import fcntl, os, pty, struct, subprocess, sys, termios
    terminal, program = pty.openpty()
    fcntl.ioctl(program, termios.TIOCSWINSZ, struct.pack("HHHH", 30, int(sys.argv[1]), 0, 0))
    process = subprocess.Popen(sys.argv[2:], stdin=program, stdout=subprocess.DEVNULL, stderr=program)
    os.close(program)
    try:
        while text := os.read(terminal, 65536):
            sys.stdout.buffer.write(text)
    except OSError:
        pass
    process.wait()
    """

  @Test(arguments: [(50, 60), (72, 72), (80, 80), (200, 100)])
  func `the report is as wide as the terminal, within limits`(columns: Int, width: Int) throws {
    let shown = try ChildProcess.run(
      [
        TestPython.path, "-c", Self.terminal, "\(columns)", Traced.binary, "--color", "never", "--",
        interpreter.path, "runtest.py",
      ], in: program.folder.path, environment: ["METHOD": "spawn"]
    ).standardOutput
    let lines = shown.split(whereSeparator: \.isNewline)
    let first = try #require(lines.firstIndex { $0.hasPrefix("error[ST101]") })
    let last = try #require(lines.firstIndex { $0.hasPrefix("id v2:") })
    let report = ReportLines.withoutDiff(Array(lines[first...last]))
    #expect(report.allSatisfy { $0.count <= width })
    #expect(try #require(lines.last).contains("runtest.py:\(SeedProgram.culprit)"))
    // It uses the room that it has.
    #expect(report.contains { $0.count > width - 16 })
  }

  @Test func `--finding-status replaces 112`() throws {
    #expect(try run("--finding-status", "3").ending == "status 3")
  }

  @Test func `there is colour if it is asked for, and none in a file`() throws {
    #expect(try run("--color=always").standardError.contains("\u{1B}[1;31merror[ST101]"))
    #expect(try !run().standardError.contains("\u{1B}"))
  }

  @Test func `-v prints a line for each process with its role`() throws {
    let text = try run("-v", "--on-cycle=report").standardError
    #expect(text.contains("] main runtest.py as __main__"))
    #expect(text.contains("] spawn-worker of runtest.py, asked for by "))
    #expect(text.contains(" at thing.py:10"))
  }

  @Test func `-v names the programs that lead to a Python, and counts the others`() throws {
    let outcome = try Traced.run(
      arguments: [
        "-v", "--", "sh", "-c", "ls >/dev/null; ls / >/dev/null; env \"$@\"; exit", "sh", "sh",
        "-c",
        "ls >/dev/null; \"$0\" -c 0; exit", interpreter.path,
      ])
    let lines = outcome.standardError.split(separator: "\n").map {
      $0.replacing(/[0-9]+\]/, with: "N]")
    }
    try #require(lines.count == 4, "\(lines)")
    #expect(lines[0].hasPrefix("spawntrace: [N] shell sh … (7 arguments)"))
    #expect(lines[1].hasPrefix("spawntrace: [N] shell sh … (3 arguments), asked for by "))
    #expect(lines[2].hasPrefix("spawntrace: [N] main"))
    #expect(lines[3] == "spawntrace: not listed: 3 processes without Python: ls")
  }

  @Test func `SPAWNTRACE_OPTIONS stand before the options of the command line`() throws {
    let outcome = try Traced.run(
      arguments: ["--", "sh", "-c", "exit 4"],
      environment: ["SPAWNTRACE_OPTIONS": "--report none --frobnicate"])
    #expect(outcome.ending == "status 125")
    #expect(outcome.standardError.contains("in SPAWNTRACE_OPTIONS: unknown option --frobnicate"))
  }

  @Test(arguments: ["stop", "report"])
  func `more live processes than --max-processes end the run`(onCycle: String) throws {
    let run = try Traced.run(
      [
        interpreter.path, "-c",
        """
        import os, signal
        for _ in range(40):
            if os.fork() == 0: signal.pause()
        signal.pause()
        """,
      ], options: ["--max-processes", "20", "--on-cycle=\(onCycle)"])
    #expect(run.outcome.ending == "status 112")
    #expect(run.report?.verdict == "fork-bomb")
    #expect(run.outcome.standardError.contains("error[ST103]: 21 processes live at once"))
    #expect(run.outcome.standardError.contains("has 20 living children"))
  }
}
