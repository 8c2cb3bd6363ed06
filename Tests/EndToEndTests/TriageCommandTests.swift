import Foundation
import TestSupport
import Testing

/// `spawntrace triage`, on what real runs have left.
struct TriageCommandTests {
  private struct Result: Decodable {
    struct Cause: Decodable {
      struct Place: Decodable {
        var path: String
        var line: Int?
      }

      var rule: String
      var severity: String
      var certainty: String
      var fingerprint: String
      var culprit: Place?
      var runs: Int
      var inputs: [String]
      var examples: [String]
      var firstSeen: String?
      var owners: [String]
    }

    struct Inputs: Decodable {
      struct Unreadable: Decodable {
        var path: String
        var why: String
      }

      var read: Int
      var healthy: Int
      var unreadable: [Unreadable]
    }

    var schema: String
    var causes: [Cause]
    var inputs: Inputs
  }

  private func triage(
    _ paths: [String], options: [String] = [], in folder: ScratchFolder
  ) throws -> (result: Result, output: String, status: Int32?) {
    let outcome = try ChildProcess.run(
      [Traced.binary, "triage", "--json", "result.json"] + options + paths, in: folder.path)
    let text = try #require(folder.read("result.json"))
    return (
      try JSONDecoder().decode(Result.self, from: Data(text.utf8)), outcome.standardOutput,
      outcome.status
    )
  }

  /// Two checkouts of an unguarded script, the second with other lines; both are run in two ways.
  private func pile(in folder: ScratchFolder) throws {
    let python = try Interpreters.newest().path
    for (checkout, head) in [("first", ""), ("second", "# one\n# two\n")] {
      try FileManager.default.createDirectory(
        atPath: folder.file("\(checkout)/tests"), withIntermediateDirectories: true)
      try folder.write(
        "\(checkout)/tests/run.py",
        head + """
          import multiprocessing
          def work(): pass
          process = multiprocessing.get_context("spawn").Process(target=work)
          process.start()
          process.join()

          """)
      let work = folder.file(checkout)
      for option in ["--record", "--json"] {
        _ = try ChildProcess.run(
          [Traced.binary, "run", option, folder.file("pile/\(checkout)\(option)"), "--", python]
            + ["tests/run.py"], in: work)
      }
      let bare = try ChildProcess.run([python, work + "/tests/run.py"], in: work)
      let log = bare.standardError.split(separator: "\n").enumerated().map {
        "2026-11-20T10:00:\(10 + $0 % 50).0000000Z \($1)"
      }
      try folder.write("pile/\(checkout).log", log.joined(separator: "\n") + "\n")
    }
  }

  @Test func `one fault is one cause, whatever shows it, and parts give the whole`() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("pile"), withIntermediateDirectories: true)
    try pile(in: folder)
    try folder.write("pile/other.log", "make: *** [all] Error 2\n")
    try folder.write("pile/binary", "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}")
    try folder.write("CODEOWNERS", "* @all\n/tests/ @testers @second\n")
    let (result, output, status) = try triage(["pile"], in: folder)
    #expect(status == 1 && result.schema == "spawntrace-triage")
    let cause = try #require(result.causes.first)
    #expect(result.causes.count == 1, "\(output)")
    #expect(cause.rule == "ST101" && cause.severity == "error" && cause.certainty == "proven")
    #expect(cause.runs == 6 && cause.inputs.count == 6 && cause.inputs == cause.inputs.sorted())
    #expect(cause.culprit?.path == "tests/run.py" && [4, 6].contains(cause.culprit?.line))
    #expect(cause.owners == ["@testers", "@second"] && cause.examples.count == 3)
    #expect(cause.firstSeen?.hasPrefix("2026-11-20T10:00:") == true)
    #expect(cause.fingerprint.hasPrefix("v2:") && cause.fingerprint.count == 19)
    #expect(result.inputs.read == 7 && result.inputs.unreadable.map(\.path) == ["pile/binary"])
    #expect(output.hasPrefix("tests/run.py:"))
    #expect(output.contains(": error[ST101]: run.py is run again by each worker that it starts ["))
    let whole = try #require(folder.read("result.json"))
    for part in ["first", "second"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("pile"))
      let some = names.filter { $0.hasPrefix("first") == (part == "first") }.map { "pile/\($0)" }
      _ = try triage(some.sorted(), in: folder)
      try folder.write("\(part).json", try #require(folder.read("result.json")))
    }
    _ = try triage(["second.json", "first.json", "second.json"], in: folder)
    #expect(folder.read("result.json") == whole)
  }

  @Test func `kept recordings: a cause for each fault, healthy ones none`() throws {
    let folder = try ScratchFolder()
    let healthy = root("traces/forkserver-pool-guarded/recorded")
    let result = try triage([root("traces/seed/recorded"), healthy], in: folder).result
    #expect(result.causes.filter { $0.severity == "error" }.count == 1)
    #expect(result.inputs.healthy > 0 && result.inputs.unreadable.isEmpty)
  }

  @Test func `nothing that can be read is trouble, and a log without faults is none`() throws {
    let folder = try ScratchFolder()
    #expect(try triage(["no such file"], in: folder).status == 2)
    try folder.write("a.log", "all is well\n")
    let (result, output, status) = try triage(["a.log"], in: folder)
    #expect(status == 0 && result.causes.isEmpty && output.contains("1 input read"))
  }

  /// A file of the package.
  private func root(_ path: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(path).path
  }

  @Test func `standard input and a FIFO that is named are inputs`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import multiprocessing
      multiprocessing.get_context("spawn").Process(target=print).start()
      """)
    let log = try ChildProcess.run(
      [try Interpreters.newest().path, "main.py"], in: folder.path
    ).standardError
    let outcome = try ChildProcess.run(
      [Traced.binary, "triage", "-"], in: folder.path, input: log)
    #expect(outcome.status == 1 && outcome.standardOutput.contains("main.py:2: error[ST101]"))
    try folder.write("log", log)
    let piped = try ChildProcess.run(
      ["sh", "-c", "mkfifo pipe; cat log > pipe & exec \(Traced.binary) triage pipe ./log log"],
      in: folder.path)
    #expect(piped.standardOutput.contains("2 inputs read, 1 cause"))
  }

  @Test func `results of shards with inputs of one name don't swallow each other`() throws {
    let folder = try ScratchFolder()
    let python = try Interpreters.newest().path
    for (shard, method) in [("one", "spawn"), ("two", "forkserver")] {
      let checkout = folder.file(shard)
      try FileManager.default.createDirectory(
        atPath: checkout, withIntermediateDirectories: true)
      try folder.write(
        "\(shard)/main.py",
        """
        import multiprocessing
        multiprocessing.get_context("\(method)").Process(target=print).start()
        """)
      _ = try ChildProcess.run(
        [Traced.binary, "run", "--record", "run.jsonl", "--", python, "main.py"], in: checkout)
      _ = try ChildProcess.run(
        [Traced.binary, "triage", "--json", "causes.json", "run.jsonl"], in: checkout)
    }
    let shards = ["one/causes.json", "two/causes.json"]
    let (all, _, _) = try triage(shards, in: folder)
    #expect(all.inputs.read == 2 && all.causes.count == 2)
    let names = all.causes.flatMap(\.inputs).sorted()
    #expect(names.allSatisfy { $0.wholeMatch(of: /run.jsonl \([0-9a-f]{8}\)/) != nil })
    // Again, in another order and nesting.
    try folder.write("all.json", try #require(folder.read("result.json")))
    let (again, _, _) = try triage([shards[1], "all.json", shards[0]], in: folder)
    #expect(again.inputs.read == 2 && again.causes.flatMap(\.inputs).sorted() == names)
  }

  @Test func `the text has no secrets, and nothing that the locale can't show`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "a.log",
      """
      dÛ2J/ghp_0123456789abcdefghij/x.py:2: error[ST101]: x.py has token=abc [v2:0123456789abcdef]

      """)
    for (locale, name) in [("C", #"d\xdb2J"#), ("C.UTF-8", "dÛ2J")] {
      let outcome = try ChildProcess.run(
        [Traced.binary, "triage", "a.log"], in: folder.path, environment: ["LC_ALL": locale])
      #expect(
        outcome.standardOutput.hasPrefix(
          "\(name)/[redacted]/x.py:2: error[ST101]: x.py has token=[redacted] ("),
        "\(outcome.standardOutput)")
    }
  }
}
