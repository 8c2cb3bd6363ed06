import Analysis
import Diagnostics
import Testing
import TraceModel

/// What a finding says as a value: whole, whatever its length.
struct DiagnosticTests {
  private static let folder = "/" + String(repeating: "long-folder/", count: 40)

  /// A cycle whose culprit is `line` of a file in a very long folder.
  private static func cycle(
    file: String = "main.py", function: String = "<module>", module: String? = "__mp_main__",
    _ source: String?
  ) -> RunReport {
    let script = folder + "main.py"
    let excerpt = source.map { SourceExcerpt(line: $0) }
    let frame = PythonFrame(
      path: folder + file, line: 7, function: function, module: module, source: excerpt)
    var finding = Finding(
      rule: .reexecCycle, detail: .cycle(.worker), certainty: .proven, stack: [frame],
      processes: [2], provenAt: TraceTime(nanoseconds: 1_002_000_000), provenByEvent: 3,
      fingerprint: "v1:0")
    finding.script = Script(path: script, identity: nil, runsAs: "__mp_main__", evidence: .opened)
    finding.culprit = Analysis.SourceLocation(
      path: folder + file, line: 7, function: function, source: excerpt)
    finding.startMethod = .spawn
    var root = ProcessRecord(id: 1, pid: ProcessID(rawValue: 10), role: .main, startedAt: .zero)
    root.startAttempt = [frame]
    var worker = ProcessRecord(
      id: 2, pid: ProcessID(rawValue: 11), role: .spawnWorker, startedAt: .zero)
    worker.logicalParent = 1
    return RunReport(
      toolVersion: "1", source: .live, command: ["python", "main.py"], workingDirectory: "/",
      termination: nil, findings: [finding], processes: [root, worker], events: 3)
  }

  private func diagnostic(_ report: RunReport) throws -> Diagnostic {
    Diagnostic(try #require(report.findings.first), in: report)
  }

  @Test func `paths are whole, and parts of their own`() throws {
    let diagnostic = try diagnostic(
      Self.cycle(file: "helper.py", module: "helper", "start(1)"))
    let label = try #require(diagnostic.label)
    #expect(label.sentence.parts.contains(.path(Self.folder + "main.py")))
    #expect(
      label.sentence.text == "runs again when a worker imports \(Self.folder)main.py, "
        + "which imports this module")
    #expect(diagnostic.advice.text.contains(Self.folder + "helper.py"))
    #expect(diagnostic.advice.parts.contains(.module("helper")))
  }

  @Test func `the cycle is a chain of places, processes and relations`() throws {
    let chain = try #require(diagnostic(Self.cycle("start(1)")).chain)
    #expect(chain.kind == .reexecution)
    #expect(chain.isClosed)
    #expect(chain.steps.map(\.relation) == [.runs, .runsAgain])
    #expect(chain.steps.map(\.process) == [1, 2])
    let place = Place(path: Self.folder + "main.py", line: 7)
    #expect(chain.steps.map(\.place) == [place, place])
  }

  /// A fix of the culprit's file by hand.
  private static func fix(_ doubts: [ProposedFix.Doubt] = []) -> ProposedFix {
    let hunk = FileChange.Hunk(
      startLine: 7, lines: [.removed("start(1)\n"), .added("if x:\n"), .added("    start(1)\n")])
    return ProposedFix(
      .guard, path: folder + "main.py", line: 7,
      files: [FileChange(path: folder + "main.py", hunks: [hunk])], doubts: doubts)
  }

  @Test func `a fix that was made for the culprit is the finding's`() throws {
    var report = Self.cycle("start(1)")
    report.fixes = [Self.fix()]
    let fix = try #require(diagnostic(report).fix)
    #expect(fix.applicability == .applies)
    #expect(fix.files.flatMap(\.edits).map(\.replacement) == ["if x:\n    start(1)\n"])
    report.findings[0].culprit?.line = 8
    #expect(try diagnostic(report).fix == nil)
  }

  @Test func `each doubt is a sentence, and asks for a review`() throws {
    var report = Self.cycle("start(1)")
    report.fixes = [Self.fix([.init(.workersNeed, name: "pool", line: 3), .init(.redacted)])]
    let fix = try #require(diagnostic(report).fix)
    #expect(fix.applicability == .needsReview)
    #expect(
      fix.doubts.map(\.text) == [
        "line 3 uses `pool`, which workers do not have after the edit",
        "the file holds something like a secret, which is left out here",
      ])
  }

  @Test func `without the program's text there is no fix, and the advice names the line`() throws {
    let diagnostic = try diagnostic(Self.cycle(nil))
    #expect(diagnostic.fix == nil)
    #expect(diagnostic.advice.text.contains("put line 7"))
  }

  @Test func `the proof says when, by which event, and how sure it is`() throws {
    var report = Self.cycle("start(1)")
    #expect(try diagnostic(report).proof == "proven at 1.002 s by event 3")
    report.findings[0].certainty = .guess
    report.findings[0].python = PythonVersion(major: 3, minor: 12)
    let proof = try #require(diagnostic(report).proof)
    #expect(proof.hasPrefix("not proven: a guess from a log's text, Python 3.12"))
  }

  @Test func `what could not be seen is a note, however much it is`() throws {
    var report = Self.cycle("start(1)")
    #expect(try !diagnostic(report).notes.contains { $0.topic == .unseen })
    report.limitations = Array(repeating: .recorded("12 events were lost"), count: 100)
    let note = try #require(diagnostic(report).notes.first { $0.topic == .unseen })
    #expect(note.sentence.text == report.limitationSentences.joined(separator: "; "))
  }

  @Test func `every step of a round is there`() throws {
    var report = Self.cycle("start(1)")
    let steps = (1...50).map { (number: Int) in
      Finding.Repeats.Step(
        process: 1,
        site: Analysis.SourceLocation(
          path: "/w/\(number).py", line: number, function: "<module>", source: nil))
    }
    report.findings[0].rule = .subprocessCycle
    report.findings[0].detail = .repeats(.init(count: 11, round: steps))
    let chain = try #require(diagnostic(report).chain)
    #expect(chain.kind == .repetition)
    #expect(chain.steps.count == 51)
    #expect(chain.steps[49].place == Place(path: "/w/50.py", line: 50))
    #expect(chain.steps[50].relation == .runsAgain)
  }
}
