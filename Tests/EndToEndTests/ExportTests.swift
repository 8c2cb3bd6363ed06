import Foundation
import TestSupport
import Testing

struct ExportTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private static let cycle = """
    import multiprocessing
    def work(): pass
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    """

  private static let guarded = """
    import multiprocessing
    def work(): pass
    if __name__ == "__main__":
        for method in ["spawn", "fork"]:
            process = multiprocessing.get_context(method).Process(target=work)
            process.start()
            process.join()
    """

  /// Records a run and returns its report.
  @discardableResult
  private func record(
    _ script: String, by interpreter: Interpreters.Interpreter, to name: String
  ) throws -> Report {
    try folder.write("main.py", script)
    _ = try Traced.run(
      arguments: [
        "run", "--on-cycle=report", "--record", name, "--", interpreter.path, "main.py",
      ], in: folder.path)
    return try #require(Traced.replay([name], in: folder.path).report)
  }

  private func export(_ arguments: [String]) throws -> Outcome {
    try Traced.run(arguments: ["export"] + arguments, in: folder.path)
  }

  @Test func `a whole recording stays as it is`() throws {
    try record(Self.cycle, by: Interpreters.newest(), to: "run.jsonl")
    let copy = try export(["run.jsonl", "--to", "jsonl"])
    #expect(copy.ending == "status 0")
    #expect(copy.standardError == "")
    #expect(copy.standardOutput == folder.read("run.jsonl"))
    let file = try export(["run.jsonl", "--to", "jsonl", "-o", "copy.jsonl"])
    #expect(file.ending == "status 0")
    #expect(folder.read("copy.jsonl") == folder.read("run.jsonl"))
  }

  @Test func `what is torn or damaged is left out`() throws {
    try record(Self.cycle, by: Interpreters.newest(), to: "run.jsonl")
    var lines = try #require(folder.read("run.jsonl")).split(separator: "\n").map(String.init)
    let whole = Array(lines.dropLast(2))
    lines[5] = "{damaged"
    try folder.write("torn.jsonl", lines.dropLast(2).joined(separator: "\n") + "\n{\"k\":\"exi")
    let copy = try export(["torn.jsonl", "--to", "jsonl"])
    #expect(copy.ending == "status 0")
    #expect(
      copy.standardOutput.split(separator: "\n").map(String.init)
        == Array(whole[..<5] + whole[6...]))
    #expect(copy.standardError.contains("1 damaged line was skipped"))
    #expect(copy.standardError.contains("the recording is truncated"))
    try folder.write("copy.jsonl", copy.standardOutput)
    // The copy lacks its end, too.
    let replay = try Traced.run(arguments: ["replay", "copy.jsonl"], in: folder.path)
    #expect(replay.standardError.contains("the recording is truncated"))
  }

  /// The same grouping by DuckDB, over the flat files of real runs, as by our own reports.
  @Test func `a folder of flat recordings is one table`() throws {
    var reports: [Report] = []
    let scripts = [Self.cycle, Self.guarded, Self.cycle]
    for interpreter in [Interpreters.all.first, Interpreters.all.last].compactMap(\.self) {
      for script in scripts {
        let name = "run\(reports.count).jsonl"
        reports.append(try record(script, by: interpreter, to: name))
        let flat = try export([name, "--to", "jsonl", "--flat", "-o", "flat-" + name])
        #expect(flat.ending == "status 0", "\(flat.standardError)")
      }
    }
    let verdicts = try query("runs-by-verdict")
    #expect(verdicts.count == 2)
    for row in verdicts {
      #expect(row["runs"] as? Int == reports.count { $0.verdict == row["verdict"] as? String })
      #expect(row["truncated"] as? Int == 0)
    }

    let findings = Dictionary(grouping: reports.flatMap(\.findings), by: \.fingerprint)
    try #require(!findings.isEmpty)
    let causes = try query("findings-by-fingerprint")
    #expect(causes.count == findings.count)
    for row in causes {
      let same = try #require(findings[row["fingerprint"] as? String ?? ""])
      #expect(row["runs"] as? Int == same.count)
      #expect(row["occurrences"] as? Int == same.map(\.occurrences).reduce(0, +))
      #expect(row["path"] as? String == same.first?.culprit?.path)
      #expect(row["line"] as? Int == same.first?.culprit?.line)
      #expect(row["pythons"] as? [String] == Set(same.compactMap(\.python)).sorted())
    }

    let workers = Dictionary(
      grouping: reports.flatMap(\.processes).filter { $0.startMethod != nil },
      by: { [$0.script?.path ?? "", $0.role, $0.startMethod ?? ""] })
    try #require(!workers.isEmpty)
    let rows = try query("workers-by-script")
    #expect(rows.count == workers.count)
    for row in rows {
      let key = ["scriptPath", "role", "startMethod"].map { row[$0] as? String ?? "" }
      let same = try #require(workers[key])
      #expect(row["workers"] as? Int == same.count)
      let failed = same.count { $0.exit?.signal != nil || $0.exit?.status ?? 0 != 0 }
      #expect(row["failed"] as? Int == failed)
    }

    // DuckDB finds the columns by itself, too: each name has one type in all lines.
    let all = try ChildProcess.run(
      [
        TestPython.path, "-c",
        "import duckdb; print(duckdb.sql(\"select count(*) from 'flat-*.jsonl'\").fetchone()[0])",
      ], in: folder.path)
    let lines = (0..<reports.count).compactMap { folder.read("flat-run\($0).jsonl") }
      .map { $0.count { $0 == "\n" } }
    #expect(all.standardOutput == "\(lines.reduce(0, +))\n", "\(all.standardError)")
  }

  private func query(_ name: String) throws -> [[String: Any]] {
    let sql = TestPython.root + "/tools/sql"
    let outcome = try ChildProcess.run(
      [TestPython.path, sql + "/query.py", "\(sql)/\(name).sql", folder.file("flat-*.jsonl")])
    #expect(outcome.ending == "status 0", "\(outcome.standardError)")
    return try outcome.standardOutput.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test(arguments: [
    (["nothing", "--to", "jsonl"], "cannot read nothing: No such file"),
    (["text", "--to", "jsonl"], "text is neither a recording of spawntrace"),
    (["log", "--to", "jsonl"], "log is a log of strace"),
    (["text", "--to", "csv"], "Please provide one of 'jsonl'"),
    (["text"], "Missing expected argument '--to <format>'"),
    (["text", "--to", "jsonl", "-o", "text"], "text is the file to be read"),
    (
      ["text", "--to", "jsonl", "-o", "/proc/no/where"],
      "cannot write to /proc/no/where: No such file"
    ),
  ])
  func `what can't be exported is refused with a reason`(arguments: [String], message: String)
    throws
  {
    try folder.write("text", "hello\n")
    try folder.write("log", "exit_group(0) = ?\n")
    let outcome = try export(arguments)
    #expect(outcome.ending == "status 2")
    #expect(outcome.standardError.contains(message), "\(outcome.standardError)")
    #expect(folder.read("text") == "hello\n")
  }

  @Test func `a full disk is reported`() throws {
    try record(Self.guarded, by: Interpreters.newest(), to: "run.jsonl")
    let outcome = try export(["run.jsonl", "--to", "jsonl", "-o", "/dev/full"])
    #expect(outcome.ending == "status 2")
    #expect(outcome.standardError.contains("cannot write to /dev/full: No space left"))
  }
}
