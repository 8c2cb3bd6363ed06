import Analysis
import Foundation
import Input
import TestSupport
import Testing
import TraceModel

@testable import Triage

struct ReportedRunTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func contents(_ text: String) throws -> (report: ReportedRun?, why: String) {
    let path = try folder.write("report", text)
    var result: (ReportedRun?, String) = (nil, "")
    for input in InputList.inputs(at: [path]) {
      input.read { _, contents in
        if case .report(let report) = contents { result = (report, "") }
        if case .unreadable(let why) = contents { result = (nil, why) }
      }
    }
    return result
  }

  private let example = """
    {
      "schema": "spawntrace-report", "schemaVersion": 1, "later": [1, {"a": null}],
      "command": ["python", "run.py"], "workingDirectory": "/w", "checkout": "/w",
      "t0": "2026-11-23T01:40:28Z", "verdict": "reexec-cycle",
      "findings": [
        {"rule": "ST101", "severity": "error", "certainty": "likely", "title": "a title",
         "script": {"path": "/w/run.py", "runsAs": "__mp_main__"},
         "culprit": {"path": "/w/run.py", "line": 6, "function": "<module>", "source": "go()"},
         "callSite": {"path": "/w/b.py", "line": null, "function": "A.f.<locals>.g",
           "source": null},
         "stack": [{"path": "/w/b.py", "line": 3, "function": "A.f", "module": null,
           "source": "x"}],
         "startMethod": "spawn", "python": "3.14.10", "occurrences": 4,
         "fingerprint": "v2:0123456789abcdef",
         "identity": {"places": [
           {"path": "/w/run.py", "line": 6, "function": "<module>", "source": "go()"}],
           "circumstance": "at boot"}},
        {"rule": "ST999", "severity": "from", "the": "future"}
      ],
      "processes": [{"id": 1, "script": {"path": "/w/run.py"}}, {"id": 2, "script": null},
        {"id": 3, "script": {"path": "/w/run.py"}}],
      "trace": {"events": 5, "truncated": true}
    }
    """

  @Test func `a report's facts are read`() throws {
    let report = try #require(try contents(example).report)
    #expect(report.command == ["python", "run.py"])
    #expect(report.workingDirectory == "/w")
    #expect(report.checkout == "/w")
    #expect(report.began == "2026-11-23T01:40:28Z")
    #expect(report.verdict == "reexec-cycle")
    #expect(!report.isHealthy)
    #expect(report.isTruncated)
    #expect(report.scripts == ["/w/run.py"])
    #expect(report.unknownRules == ["ST999"])
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1)
    #expect(finding.rule == .reexecCycle)
    #expect(finding.severity == .error)
    #expect(finding.certainty == .likely)
    #expect(finding.title == "a title")
    #expect(finding.script == "/w/run.py")
    let culprit = SourceLocation(
      path: "/w/run.py", line: 6, function: "<module>", source: SourceExcerpt(line: "go()"))
    #expect(finding.culprit == culprit)
    #expect(
      finding.callSite
        == SourceLocation(path: "/w/b.py", line: nil, function: "g", source: nil))
    #expect(
      finding.stack == [
        PythonFrame(
          path: "/w/b.py", line: 3, function: "f", qualifiedName: "A.f",
          source: SourceExcerpt(line: "x"))
      ])
    #expect(finding.startMethod == .spawn)
    #expect(finding.python == PythonVersion(major: 3, minor: 14, micro: 10))
    #expect(finding.occurrences == 4)
    #expect(finding.fingerprint == "v2:0123456789abcdef")
    #expect(finding.identity == .init(places: [culprit], circumstance: "at boot"))
  }

  @Test func `a report without the newer members is read`() throws {
    let path =
      TestPython.root
      + "/traces/import-side-effect-helper/recorded/3.14.sptrace.jsonl.gz.report.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let report = try #require(try contents("\u{FEFF}" + text).report)
    #expect(report.workingDirectory == "/home/dev/import-side-effect-helper")
    #expect(report.findings.map(\.rule) == [.reexecCycle])
    #expect(report.findings.first?.culprit?.line == 8)
    #expect(report.findings.first?.stack.count == 27)
    #expect(!report.isTruncated)
  }

  @Test(arguments: [
    (#""schemaVersion": 1"#, #""schemaVersion": "1""#, "schemaVersion"),
    (#""schemaVersion": 1"#, #""schemaVersion": 0"#, "schemaVersion"),
    (#""command": ["python", "run.py"]"#, #""command": ["python", 3]"#, "command"),
    (#""workingDirectory": "/w", "#, "", "workingDirectory"),
    (#""t0": "2026-11-23T01:40:28Z""#, #""t0": 5"#, "t0"),
    (#""truncated": true"#, #""truncated": 1"#, "truncated"),
    (#""severity": "error""#, #""severity": "grave""#, "severity"),
    (#""line": 6"#, #""line": "6""#, "line"),
    (#""line": 6"#, #""line": 6.5"#, "line"),
    (#""occurrences": 4"#, #""occurrences": null"#, "occurrences"),
    (#""python": "3.14.10""#, #""python": "3.x""#, "python"),
    (#""stack": [{"path": "/w/b.py""#, #""stack": [{"path": ["/w/b.py"]"#, "path"),
    (#""places": ["#, #""places": [7, "#, "path"),
    (#""rule": "ST101""#, #""rule": 101"#, "rule"),
  ])
  func `a member of the wrong kind is named`(old: String, new: String, member: String) throws {
    try #require(example.contains(old))
    let (report, why) = try contents(example.replacing(old, with: new, maxReplacements: 1))
    #expect(report == nil)
    #expect(why == "the JSON report is damaged: see its member \(member)")
  }

  @Test func `a report of a newer schema isn't read`() throws {
    let text = example.replacing(#""schemaVersion": 1"#, with: #""schemaVersion": 2"#)
    #expect(
      try contents(text).why
        == "the JSON report has version 2 of the schema, which a newer spawntrace wrote")
  }

  @Test func `a report is known if a tool has sorted it or made one line of it`() throws {
    let object = try JSONSerialization.jsonObject(with: Data(example.utf8))
    let text = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    let report = try contents(String(decoding: text, as: UTF8.self)).report
    #expect(report == (try contents(example).report))
    #expect(report != nil)
  }
}
