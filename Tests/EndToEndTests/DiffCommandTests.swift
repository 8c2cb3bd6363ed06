import Foundation
import TestSupport
import Testing

/// `spawntrace diff`, on the recordings of real runs.
struct DiffCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private struct Result: Decodable {
    struct Difference: Decodable {
      struct Place: Decodable {
        var path: String
        var line: Int?
      }

      var kind: String
      var title: String
      var good: String?
      var bad: String?
      var at: Place?
    }

    var schema: String
    var differences: [Difference]
  }

  /// Records `main.py` with this text, in a checkout of its own.
  private func record(
    _ name: String, _ text: String, _ python: String, environment: [String: String] = [:]
  ) throws -> String {
    let checkout = folder.file(name)
    try FileManager.default.createDirectory(atPath: checkout, withIntermediateDirectories: true)
    try folder.write("\(name)/main.py", text)
    let recording = folder.file("\(name).sptrace.jsonl")
    _ = try ChildProcess.run(
      [Traced.binary, "run", "--record", recording, "--", python, "main.py"], in: checkout,
      environment: environment)
    return recording
  }

  private func diff(_ good: String, _ bad: String) throws -> (result: Result, outcome: Outcome) {
    let outcome = try Traced.run(
      arguments: ["diff", "--json", "diff.json", good, bad], in: folder.path)
    let text = try #require(folder.read("diff.json"), "\(outcome.standardError)")
    return (try JSONDecoder().decode(Result.self, from: Data(text.utf8)), outcome)
  }

  private static let guarded = """
    import multiprocessing
    def square(n):
        return n * n
    if __name__ == "__main__":
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            print(pool.map(square, range(4)))
    """

  @Test(arguments: Interpreters.all)
  func `a lost guard is the first departure, and two healthy runs don't differ`(
    python: Interpreters.Interpreter
  ) throws {
    let good = try record("good", Self.guarded, python.path)
    let again = try record(
      "again", "\n\n" + Self.guarded, python.path, environment: ["GITHUB_RUN_ID": "7"])
    let bad = try record(
      "bad", Self.guarded.replacing("if __name__ == \"__main__\":", with: "if True:"), python.path)
    let same = try diff(good, again)
    #expect(same.result.differences.isEmpty && same.outcome.status == 0)
    let (result, outcome) = try diff(good, bad)
    #expect(result.schema == "spawntrace-diff" && outcome.status == 1)
    let first = try #require(result.differences.first)
    #expect(first.kind == "lost-guard")
    #expect(first.at?.line == 5 && first.at?.path.hasSuffix("/bad/main.py") == true)
    #expect(outcome.standardOutput.hasPrefix("first departure: workers execute main.py:5"))
  }

  @Test(arguments: Interpreters.all.filter { $0.isAtLeast(14) })
  func `a newer Python's start method is told with whose default it is`(
    new: Interpreters.Interpreter
  ) throws {
    let old = try #require(Interpreters.all.last { !$0.isAtLeast(14) && $0.isAtLeast(8) })
    let text = Self.guarded.replacing(".get_context(\"spawn\")", with: "")
    let (result, outcome) = try diff(
      try record("old", text, old.path), try record("new", text, new.path))
    let first = try #require(result.differences.first)
    #expect(first.kind == "start-method")
    let version = new.version
    #expect(first.bad == "forkserver, Python \(version)'s default on Linux (before 3.14: fork)")
    #expect(outcome.standardOutput.contains("perhaps because: main.py is run by Python \(version)"))
  }

  @Test func `a variable is told by its name, without its value`() throws {
    let python = try Interpreters.newest().path
    let good = try record("good", "", python, environment: ["MODE": "quiet-value"])
    let bad = try record("bad", "", python, environment: ["MODE": "other-value"])
    let recorded = try #require(folder.read("good.sptrace.jsonl"))
    #expect(!recorded.contains("quiet-value"))
    let (result, _) = try diff(good, bad)
    #expect(result.differences.map(\.title) == ["the variable `MODE` has another value"])
  }

  @Test func `a file that can't be read is named`() throws {
    let outcome = try Traced.run(arguments: ["diff", "none.jsonl", "none.jsonl"], in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.standardError.contains("cannot read none.jsonl: No such file or directory"))
  }
}
