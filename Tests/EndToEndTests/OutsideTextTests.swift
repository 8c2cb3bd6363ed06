import Foundation
import TestSupport
import Testing

/// Nothing that a file from outside has in its strings acts on a terminal or in the log of a CI job.
struct OutsideTextTests {
  private static let traces = TestPython.root + "/traces/"
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  // MARK: Recordings

  /// Recordings that together have every string field of those under traces/.
  private static let recordings = [
    "seed/recorded/3.14.sptrace.jsonl.gz", "deadlocked-join/recorded/3.12.sptrace.jsonl",
  ]

  /// The values of a recording's lines. Strings that only some runs have are added.
  private static func values(of recording: String) throws -> [Any] {
    let outcome = try Traced.run(arguments: ["export", "--to", "jsonl", traces + recording])
    return try StringFields.values(of: outcome.standardOutput).map { value in
      guard var line = value as? [String: Any] else { return value }
      switch line["k"] as? String {
      case "hdr":
        line["limitations"] = ["something could not be seen"]
        line["checkout"] = line["cwd"]
      case "exec": line["test"] = "tests/test_thing.py::test_square"
      default: break
      }
      return line
    }
  }

  @Test func `the recordings have all string fields of those that are kept`() throws {
    var (own, all): (Set<StringFields.Path>, Set<StringFields.Path>) = ([], [])
    for path in KeptTracesTests.paths where path.contains(".sptrace.") {
      let paths = StringFields.paths(in: try Self.values(of: path))
      all.formUnion(paths)
      if Self.recordings.contains(path) { own.formUnion(paths) }
    }
    #expect(own == all)
    #expect(own.count > 40)
  }

  @Test(arguments: recordings)
  func `nothing in a recording acts, whatever is printed of it`(recording: String) throws {
    let values = try Self.values(of: recording)
    let good = try folder.write("good.jsonl", try text(of: values))
    let fields = try Self.newFields(of: recording)
    for (index, field) in fields.enumerated() {
      for form in [EvilText.behind, EvilText.instead] {
        let bad = try folder.write(
          "bad/\(form("") == EvilText.behind(""))\(index).jsonl",
          try StringFields.text(of: values, changing: field, by: form))
        let others =
          form("") == EvilText.behind("")
          ? [["diff", good, bad], ["export", "--to", "jsonl", "--flat", bad]]
          : [["replay", "--report", "short", bad]]
        for arguments in [["replay", "--report", "full", "-v", "--color", "always", bad]] + others {
          let output = try PrintedOutput.of(arguments)
          let faults = EvilText.faults(in: output, isColored: arguments.contains("always"))
          #expect(faults.isEmpty, "\(field): \(arguments[0]): \(faults)")
        }
      }
    }
    #expect(!fields.isEmpty)
    try expectHarmless(["triage", folder.file("bad")])
    try expectHarmless(["triage", "--json", "/dev/stdout", folder.file("bad")])
    try expectHarmless(["export", "--to", "jsonl", folder.file("bad/true0.jsonl")])
  }

  /// The string fields that the recordings before this one don't have.
  private static func newFields(of recording: String) throws -> [StringFields.Path] {
    let before = try recordings.prefix { $0 != recording }
      .flatMap { StringFields.paths(in: try values(of: $0)) }
    return StringFields.paths(in: try values(of: recording)).filter { !before.contains($0) }
  }

  // MARK: Logs of strace

  @Test func `nothing in a log of strace acts`() throws {
    let path = Self.traces + "process-spawn-unguarded/recorded/3.15-f.strace"
    let log = try String(contentsOfFile: path, encoding: .utf8)
    let octal = EvilText.lines.utf8.map { "\\" + String($0, radix: 8) }.joined()
    let calls = Set(log.matches(of: /(\w+)\(/).map { String($0.1) }).sorted()
    #expect(calls.count > 5)
    for (index, call) in calls.enumerated() {
      for evil in [octal, EvilText.line] {
        let lines = log.split(separator: "\n").map(String.init).map { line in
          guard line.contains(call + "(") else { return line }
          return line.replacing(/"([^"]*)"/) { "\"\($0.1)\(evil)\"" }
        }
        let bad = try folder.write(
          "bad/\(index)\(evil.count).strace", lines.joined(separator: "\n") + "\n")
        try expectHarmless(["replay", "--report", "full", "-v", bad], "\(call)")
      }
    }
    try expectHarmless(["triage", "bad"], in: folder.path)
    let foreign = try folder.write("foreign.strace", log + EvilText.lines + "1 \(EvilText.line)\n")
    try expectHarmless(["replay", foreign])
  }

  // MARK: Inputs of triage

  @Test func `nothing in a JSON report acts, nor in a result of triage`() throws {
    let names = [
      "seed/recorded/3.14.sptrace.jsonl.gz", "deadlocked-join/recorded/3.12.sptrace.jsonl",
    ]
    let reports = names.map { Self.traces + $0 + ".report.json" }
    let result = folder.file("result.json")
    _ = try Traced.run(arguments: ["triage", "--json", result] + reports)
    var count = 0
    for path in reports + [result] {
      let values = try StringFields.values(of: String(contentsOfFile: path, encoding: .utf8))
      for field in StringFields.paths(in: values) {
        for form in [EvilText.behind, EvilText.instead] {
          try folder.write(
            "bad/\(count).json", try StringFields.text(of: values, changing: field, by: form))
          count += 1
        }
      }
    }
    #expect(count > 200)
    let causes = try owned(["bad"])
    #expect(String(decoding: causes, as: UTF8.self).contains(" read"))
  }

  @Test func `nothing in a CI log acts`() throws {
    let logs = TestPython.root + "/Tests/CILogTests/Fixtures"
    var count = 0
    for kind in ["forms", "public"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(logs)/\(kind)")
      where name.hasSuffix(".log") {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(logs)/\(kind)/\(name)"))
        let log = String(decoding: bytes, as: UTF8.self)
        let line = EvilText.line
        let forms = [
          log.replacing(".py\"", with: ".py\(line)\""), log.replacing("\"/", with: "\"\(line)/"),
          log.replacing(", in <module>", with: ", in \(line)"),
          log.replacing(", in ", with: ", in \(line)"),
          log.replacing("Error: ", with: "Error\(line): "),
          log.replacing("Error: ", with: "Error: \(line)"), log.replacing("\n", with: line + "\n"),
        ]
        for form in forms {
          try folder.write("bad/\(count).log", form)
          count += 1
        }
      }
    }
    #expect(count > 200)
    _ = try owned(["bad"])
  }

  @Test func `nothing in names of files and members acts`() throws {
    let report = try String(
      contentsOfFile: Self.traces + Self.recordings[1] + ".report.json", encoding: .utf8)
    let name = EvilText.lines.replacing("/", with: "")
    let members = [ZipBuilder.Member(name, report), ZipBuilder.Member(name + "2", "\u{1}\u{2}")]
    _ = try folder.file("\(name).zip", ZipBuilder(members).bytes)
    try folder.write(name + ".json", report)
    try folder.write(name + ".empty", "")
    _ = try owned(["."])
  }

  /// Prints what triage says of inputs, with owners and tickets that are evil, too.
  private func owned(_ inputs: [String]) throws -> Data {
    let word = EvilText.line.replacing(" ", with: "_")
    try folder.write("owners", "* \(word) @\(word)\n")
    let options = ["triage", "--by-owner", "--codeowners", "owners"]
    try expectHarmless(options + inputs, in: folder.path)
    _ = try Traced.run(arguments: ["triage", "--json", "all.json"] + inputs, in: folder.path)
    let text = try #require(folder.read("all.json"))
    let prints = text.matches(of: /"fingerprint": "([^"]*)"/).map {
      "\($0.1) \(word) \(EvilText.line)\n"
    }
    try folder.write("known", prints.joined())
    try expectHarmless(options + ["--known", "known"] + inputs, in: folder.path)
    #expect(EvilText.faults(in: Data(text.utf8)).isEmpty)
    return try PrintedOutput.of(options + inputs, in: folder.path)
  }

  // MARK: Command lines

  @Test func `nothing in a command line acts`() throws {
    let evil = EvilText.lines
    let file = folder.file(EvilText.line.replacing("/", with: ""))
    let commands = [
      ["replay", evil], ["replay", evil, evil], ["replay", "--json", "/" + evil, evil],
      ["triage", evil],
      ["triage", "--known", evil, "."], ["diff", evil, evil], ["export", "--to", "jsonl", evil],
      ["export", "--to", evil, "a"], ["explain", evil], ["explain", "--\(evil)"], ["--\(evil)"],
      ["run", "--\(evil)"], ["run", "--timeout", evil, "--", "true"], ["run", "--", evil],
      ["run", "--", "/" + evil], ["run", "--record", "/\(evil)/a", "--", "true"],
      ["fix", "--write", "/\(evil)/a", "--", "true"], ["fix", "--", evil], [evil], ["help", evil],
      ["run", "--color", evil, "--", "true"], ["replay", file],
    ]
    for arguments in commands { try expectHarmless(arguments, in: folder.path) }
    try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
    for arguments in [
      ["replay", file], ["run", "--", file], ["run", "--json", file, "--", "true"],
    ] {
      try expectHarmless(arguments)
    }
    let options = ["SPAWNTRACE_OPTIONS": "--" + evil]
    try expectHarmless(["run", "--", "true"], environment: options)
  }

  // MARK: -

  private func text(of values: [Any]) throws -> String {
    try StringFields.text(of: values, changing: ["no such field"]) { $0 }
  }

  private func expectHarmless(
    _ arguments: [String], _ what: String = "", in directory: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    let output = try PrintedOutput.of(arguments, in: directory, environment: environment)
    let faults = EvilText.faults(in: output, isColored: false)
    #expect(faults.isEmpty, "\(what) \(arguments.first ?? ""): \(faults.prefix(5))")
    #expect(!output.isEmpty, "\(what) \(arguments)")
  }
}
