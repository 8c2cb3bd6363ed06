import Analysis
import Diagnostics
import Multiprocessing
import Reporting
import Testing
import TraceModel

/// The texts of the rules other than the cycle's and the deadlock's.
struct RuleTextTests {
  private static let odd = "odd \u{1B}[2J\n中é " + String(repeating: "very-long-word ", count: 80)

  private static func end(
    _ reason: WorkerEnd.Reason, _ phase: WorkerEnd.Phase, at place: Analysis.SourceLocation?
  ) -> WorkerEnd {
    var end = WorkerEnd(process: 1, phase: phase, reason: reason)
    end.culprit = place
    return end
  }

  /// Each rule with each thing that it may have to say.
  private static func variants(at place: Analysis.SourceLocation?) -> [(Rule, Finding.Detail)] {
    let exceptions = [
      Traceback(frames: [], exception: "ValueError", message: "no"),
      Traceback(frames: [], exception: "a.b.Error", message: odd),
      Traceback(frames: [], exception: "AttributeError", message: "Can't get attribute 'f' on <m>"),
      Traceback(frames: [], exception: "AssertionError", message: "daemonic processes are not"),
      Traceback(frames: [], exception: "FileNotFoundError", message: ""),
    ]
    let reasons =
      exceptions.map { WorkerEnd.Reason.exception($0) } + [
        .signal(9, sender: nil), .signal(9, sender: 1), .signal(11, sender: nil),
        .signal(40, sender: 77), .exit(0), .exit(255),
      ]
    let ends = reasons.flatMap { reason in
      [WorkerEnd.Phase.boot, .task].map { end(reason, $0, at: place) }
    }
    let step = Finding.Repeats.Step(process: 1, site: place)
    var result: [(Rule, Finding.Detail)] = []
    for end in ends {
      result += [(.respawnLoop, .respawn(end, isPool: true)), (.workerCrash, .workerEnd(end))]
    }
    for count in [1, 2, 20] {
      let round = Array(repeating: step, count: count)
      let repeats = Finding.Detail.repeats(.init(count: 10, round: round))
      result += [(.subprocessCycle, repeats), (.selfExecLoop, repeats)]
    }
    result += [(.forkBomb, .nesting(6)), (.reexecSideEffect, .work(workers: 2, programs: 0))]
    for exception in exceptions { result.append((.unpicklableTarget, .pickling(exception))) }
    for end in ends {
      result += [
        (.neverRan, .neverRan(end, isServer: false)), (.neverRan, .neverRan(end, isServer: true)),
        (.unpicklableTarget, .lookup(end)),
      ]
    }
    result.append((.unpicklableTarget, .notLaunched))
    return result
  }

  @Test func `whatever they are about, they fit, and say what it is, why and what to do`() {
    let reports = Combinations.reports()
    var count = 0
    // Every seventh: each variant meets many of them.
    for (index, original) in reports.enumerated() where index % 7 == 0 {
      let variants = Self.variants(at: original.findings.first?.culprit)
      let (rule, detail) = variants[index / 7 % variants.count]
      var report = original
      report.findings[0].rule = rule
      report.findings[0].detail = detail
      if index % 2 == 0 { report.findings[0].script?.path = "/w/" + Self.odd }
      let style = Combinations.styles[index % Combinations.styles.count]
      let text = TextReport(style: style)
      let finding = report.findings[0]
      let whole = text.finding(finding, in: report).text
      let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let short = text.short(finding, in: report).line
      let verdict = text.verdictLine(report, ending: .status(0), isStopped: false).line
      let all = lines + [Substring(short), Substring(verdict)]
      let tooWide = all.filter {
        Terminal.columns(of: Terminal.stripped(String($0))) > (String($0) == short ? 120 : 100)
      }
      #expect(
        lines.count <= TextReport.maximumLines && tooWide.isEmpty, "\(index): \(tooWide)\n\(whole)")
      let kind = "\(finding.severity.rawValue)[\(rule.rawValue)]"
      #expect(Terminal.stripped(whole).hasPrefix(kind), "\(index): \(whole)")
      #expect(whole.contains("help:"), "\(index): \(whole)")
      #expect(whole.contains("id v2:7f3a91c27f3a91c2"), "\(index): \(whole)")
      #expect(Terminal.stripped(short).contains(kind), "\(index): \(short)")
      if !style.color { #expect(!all.contains { $0.contains("\u{1B}") }, "\(index): \(whole)") }
      if !style.unicode { #expect(whole.utf8.allSatisfy { $0 < 0x80 }, "\(index): \(whole)") }
      count += 1
    }
    #expect(count > 300)
  }

  @Test func `every rule has an explanation`() {
    for rule in Rule.allCases {
      let text = ExplanationText.full(RuleCatalogue.description(of: rule)).text
      #expect(text.hasPrefix("\(rule.rawValue) \(rule.kind) (\(rule.severity.rawValue)): "))
      #expect(text.contains("\nEXAMPLE\n") && text.contains("\nWHAT TO DO\n"))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
  }

  @Test func `the tree shows equal processes once, with their count`() {
    var report = Fixtures.seed()
    for index in report.processes.indices {
      report.processes[index].termination = .status(0)
    }
    let text = ProcessTreeText(report, style: TextStyle(color: false, unicode: false)).text.text
    #expect(text.contains("4 x spawn-worker"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(text.split(separator: "\n").count < 6)
    report.processes[3].termination = .signal(11)
    let other = ProcessTreeText(report, style: TextStyle(color: false, unicode: true)).text.text
    #expect(other.contains("SIGSEGV"))
    #expect(other.contains("3× spawn-worker"))
  }
}
