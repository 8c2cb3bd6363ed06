import TestSupport
import Testing

/// Wrong use and failing files: one line says what is wrong, the status is right, and nothing is
/// lost.
struct BadInputTests {
  private func expectOneLine(_ outcome: Outcome, _ status: Int32, _ text: String) {
    #expect(outcome.status == status)
    let lines = outcome.standardError.split(separator: "\n")
    #expect(lines.count == 1 && lines[0].hasPrefix("spawntrace: "), "\(outcome.standardError)")
    #expect(outcome.standardError.contains(text), "\(outcome.standardError)")
  }

  @Test(
    arguments: [
      ([], "no command"), (["--"], "no command"), (["run"], "no command"),
      (["--frobnicate"], "--frobnicate"), (["--frobnicate", "--", "true"], "--frobnicate"),
      (["--max-processes", "x", "--", "true"], "x"),
      (["--max-processes", "0", "true"], "at least 1"),
      (["--on-cycle=maybe", "true"], "maybe"), (["--finding-status", "300", "true"], "0 to 255"),
    ] as [([String], String)])
  func `wrong options end with 125`(arguments: [String], text: String) throws {
    expectOneLine(try Traced.run(arguments: arguments), 125, text)
  }

  @Test func `commands that can't be run end as under env(1)`() throws {
    let folder = try ScratchFolder()
    let file = try folder.write("file", "x")
    expectOneLine(try Traced.run(arguments: ["--", "no-such-command-here"]), 127, "not found")
    expectOneLine(try Traced.run(arguments: ["--", file]), 126, "denied")
    expectOneLine(try Traced.run(arguments: ["--", folder.path]), 126, "is a directory")
  }

  @Test func `Python itself reports a script that isn't there`() throws {
    let outcome = try Traced.run(
      arguments: ["--", Interpreters.newest().path, "/nonexistent/x.py"])
    #expect(outcome.ending == "status 2")
    #expect(!outcome.standardError.contains("spawntrace"))
  }

  @Test func `a report that can't be created is an error before the command is run`() throws {
    let folder = try ScratchFolder()
    let outcome = try Traced.run(
      arguments: ["--json", "/proc/nonexistent/report.json", "--", "touch", folder.path + "/ran"])
    expectOneLine(outcome, 125, "/proc/nonexistent/report.json: No such file or directory")
    #expect(folder.read("ran") == nil)
  }

  @Test(arguments: [0, 7])
  func `a full disk is reported with the command's own result`(status: Int32) throws {
    let outcome = try Traced.run(
      arguments: ["--json", "/dev/full", "--", "sh", "-c", "exit \(status)"])
    expectOneLine(
      outcome, status == 0 ? 125 : status,
      "No space left on device; the command ended with status \(status)")
  }

  @Test(arguments: [[0], [1], [2], [0, 1, 2]] as [[Int32]])
  func `standard descriptors may be closed`(descriptors: [Int32]) throws {
    #expect(
      try Traced.run(["sh", "-c", "exit 5"], closing: descriptors).outcome.ending == "status 5")
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import multiprocessing
      multiprocessing.get_context("spawn").Process(target=print).start()

      """)
    let run = try Traced.run(
      [Interpreters.newest().path, "main.py"], in: folder.path, closing: descriptors)
    #expect(run.outcome.ending == "status 112")
  }

  @Test(arguments: [
    ["--help"], ["run", "--help"], ["replay", "--help"], ["triage", "--help"], ["--version"],
  ])
  func `help and version go to standard output`(arguments: [String]) throws {
    let outcome = try Traced.run(arguments: arguments)
    #expect(outcome.ending == "status 0" && outcome.standardError.isEmpty)
    if arguments.contains("--help") {
      #expect(outcome.standardOutput.contains("EXAMPLES"))
      #expect(!outcome.standardOutput.contains("rehearse"))
    }
  }

  @Test func `the command gets its own options, with and without --`() throws {
    for arguments in [["echo", "-v", "--", "x"], ["--", "echo", "-v", "--", "x"]] {
      let outcome = try Traced.run(arguments: arguments)
      #expect(outcome.standardOutput == "-v -- x\n" && outcome.status == 0)
    }
  }

  @Test func `under another spawntrace it says why it can't trace`() throws {
    let outcome = try Traced.run(arguments: ["--", Traced.binary, "--", "true"])
    expectOneLine(outcome, 125, "traced already")
  }
}
