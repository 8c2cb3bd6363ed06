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
