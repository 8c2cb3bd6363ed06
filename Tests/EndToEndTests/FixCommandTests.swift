import Foundation
import TestSupport
import Testing

/// `spawntrace fix`: the edit is tried on the real thing, and no file is touched.
struct FixCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private struct Result: Decodable {
    struct Report: Decodable {
      struct Finding: Decodable {
        var fix: Fix?
      }

      struct Fix: Decodable {
        struct Trial: Decodable {
          var verdict: String
          var status: Int?
        }

        var tried: Trial?
      }

      var verdict: String
      var findings: [Finding]
    }

    struct Edit: Decodable {
      var path: String
      var startLine: Int
      var endLine: Int
      var replacement: String
    }

    var schema: String
    var before: Report
    var edits: [Edit]
    var diff: String
    var applicability: String?
    var after: Report?
  }

  private static let unguarded = """
    import multiprocessing

    def square(n):
        return n * n

    pool = multiprocessing.get_context("spawn").Pool(2)
    print(pool.map(square, range(4)))
    pool.close()
    """

  private func fix(_ options: [String] = [], _ python: String) throws -> (Result, Outcome) {
    let outcome = try Traced.run(
      arguments: ["fix", "--json", "fix.json"] + options + ["--", python, "main.py"],
      in: folder.path)
    let text = try #require(folder.read("fix.json"), "\(outcome.standardError)")
    return (try JSONDecoder().decode(Result.self, from: Data(text.utf8)), outcome)
  }

  private func lastLine(_ outcome: Outcome) -> Substring? {
    outcome.standardError.split(separator: "\n").last
  }

  @Test(arguments: Interpreters.all)
  func `the edit is tried, shown, and made by git apply`(
    python: Interpreters.Interpreter
  ) throws {
    try folder.write("main.py", Self.unguarded)
    let (result, outcome) = try fix(["--write", "guard.diff"], python.path)
    #expect(result.schema == "spawntrace-fix")
    #expect(result.before.verdict == "reexec-cycle")
    #expect(result.after?.verdict == "healthy", "\(outcome.standardError)")
    #expect(result.applicability == "applies")
    #expect(outcome.status == 0)
    #expect(outcome.standardOutput.contains("[0, 1, 4, 9]"))
    #expect(folder.read("main.py") == Self.unguarded)
    #expect(folder.read("guard.diff") == result.diff)
    #expect(outcome.standardError.contains("\n+if __name__ == \"__main__\":\n"))
    #expect(lastLine(outcome)?.contains("healthy, exit 0; git apply guard.diff makes it") == true)
    let applied = try ChildProcess.run(["git", "apply", "guard.diff"], in: folder.path)
    #expect(applied.status == 0, "\(applied.standardError)")
    let bare = try ChildProcess.run([python.path, "main.py"], in: folder.path)
    #expect(bare.status == 0)
    #expect(bare.standardOutput == "[0, 1, 4, 9]\n")
  }

  @Test func `a second fault gets its edit, too`() throws {
    try folder.write(
      "main.py",
      """
      import multiprocessing
      context = multiprocessing.get_context("spawn")
      def work(): print("worked")
      def started(function):
          process = context.Process(target=work); process.start(); process.join()
          return function
      process = context.Process(target=work)
      process.start()
      process.join()
      @started
      def other(): pass
      """)
    let (result, outcome) = try fix([], Interpreters.newest().path)
    #expect(result.after?.verdict == "healthy", "\(outcome.standardError)")
    #expect(outcome.standardOutput.hasSuffix("worked\nworked\n"))
    #expect(outcome.standardError.contains("once more"))
    #expect(result.edits.map(\.startLine) == [8])
  }

  @Test func `a run without a fault is run once`() throws {
    try folder.write("main.py", "print('once')\n")
    let (result, outcome) = try fix([], Interpreters.newest().path)
    #expect(result.before.verdict == "healthy")
    #expect(result.after == nil)
    #expect(result.edits.isEmpty)
    #expect(outcome.standardOutput == "once\n")
    #expect(lastLine(outcome) == "spawntrace: nothing to fix: no fault was found in this run")
  }

  @Test func `the files are edited if that is asked for, and keep their mode`() throws {
    try folder.write("main.py", Self.unguarded)
    chmod(folder.file("main.py"), 0o754)
    let (result, outcome) = try fix(["--apply", "--yes"], Interpreters.newest().path)
    #expect(result.after?.verdict == "healthy")
    #expect(folder.read("main.py")?.contains("if __name__ == \"__main__\":\n    pool = ") == true)
    #expect(lastLine(outcome)?.hasSuffix("exit 0; main.py is edited") == true)
    var status = stat()
    stat(folder.file("main.py"), &status)
    #expect(status.st_mode & 0o7777 == 0o754)
  }

  @Test func `run tries the fix, too, and its report says how that went`() throws {
    try folder.write("main.py", Self.unguarded)
    let outcome = try Traced.run(
      arguments: [
        "run", "--try-fix", "--write-fix", "guard.diff", "--json", "run.json", "--",
        Interpreters.newest().path, "main.py",
      ], in: folder.path)
    #expect(outcome.status == 112)
    let text = try #require(folder.read("run.json"))
    let report = try JSONDecoder().decode(Result.Report.self, from: Data(text.utf8))
    #expect(report.findings.first?.fix?.tried?.verdict == "healthy")
    #expect(report.findings.first?.fix?.tried?.status == 0)
    #expect(folder.read("guard.diff")?.contains("+if __name__") == true)
  }

  @Test func `a replay has the same edit, without the file`() throws {
    try folder.write("main.py", Self.unguarded)
    _ = try Traced.run(
      arguments: [
        "run", "--write-fix", "live.diff", "--record", "r.jsonl", "--",
        Interpreters.newest().path, "main.py",
      ], in: folder.path)
    try folder.write("main.py", "something else\n")
    let outcome = try Traced.run(
      arguments: ["replay", "--write-fix", "replay.diff", "r.jsonl"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(folder.read("live.diff")?.isEmpty == false)
    #expect(folder.read("live.diff") == folder.read("replay.diff"))
  }

  @Test func `the diff's file is no part of the command, and keeps its text if there is no edit`()
    throws
  {
    let python = try Interpreters.newest().path
    try folder.write("main.py", Self.unguarded)
    let onto = try Traced.run(
      arguments: ["fix", "--write", "main.py", "--", python, "main.py"], in: folder.path)
    #expect(onto.status == 125)
    #expect(folder.read("main.py") == Self.unguarded)
    try folder.write("main.py", "print(1)\n")
    try folder.write("old.diff", "precious\n")
    _ = try fix(["--write", "old.diff"], python)
    #expect(folder.read("old.diff") == "precious\n")
  }

  @Test func `two scripts of one name are two files`() throws {
    for name in ["one", "two"] {
      mkdir(folder.file(name), 0o777)
      try folder.write("\(name)/main.py", Self.unguarded)
    }
    let python = try Interpreters.newest().path
    let outcome = try Traced.run(
      arguments: [
        "fix", "--json", "fix.json", "--", "sh", "-c",
        "\(python) one/main.py && \(python) two/main.py",
      ], in: folder.path)
    let text = try #require(folder.read("fix.json"), "\(outcome.standardError)")
    let result = try JSONDecoder().decode(Result.self, from: Data(text.utf8))
    #expect(result.after?.verdict == "healthy", "\(outcome.standardError)")
    #expect(Set(result.edits.map(\.path)).count == 2)
  }

  @Test func `a secret is in the diff for git, and nowhere else`() throws {
    let key = "AKIA" + "IOSFODNN7EXAMPLE"
    try folder.write(
      "main.py", Self.unguarded.replacing("pool.close()", with: "pool.close(); key = '\(key)'"))
    let (result, outcome) = try fix(["--write", "guard.diff"], Interpreters.newest().path)
    #expect(folder.read("guard.diff")?.contains(key) == true)
    #expect(!result.diff.contains(key) && !outcome.standardError.contains(key))
    #expect(result.edits.allSatisfy { !$0.replacement.contains(key) })
  }

  @Test func `what stays above makes the edit one to be reviewed`() throws {
    try folder.write("main.py", "print('loading')\n" + Self.unguarded)
    let (result, outcome) = try fix([], Interpreters.newest().path)
    #expect(result.applicability == "needs-review")
    #expect(outcome.standardError.contains("review: line 1 stays"))
  }
}
