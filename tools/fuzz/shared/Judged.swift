import Analysis
import Comparison
import Reporting
import TraceModel

/// The analysis and the reports of untrusted events. Nothing may trap.
struct Judged {
  private(set) var events: [Event] = []
  private var analysis: RunAnalysis

  init(isFromLog: Bool) {
    analysis = RunAnalysis(limits: Limits(maxProcesses: 20), isFromLog: isFromLog)
  }

  mutating func observe(_ event: Event) {
    events.append(event)
    let findings = analysis.observe(event)
    guard !findings.isEmpty else { return }
    render(findings)
  }

  mutating func stop() {
    analysis.stop()
  }

  private func render(_ findings: [Finding]) {
    let text = TextReport(style: TextStyle(color: true, unicode: true))
    let report = report()
    for finding in findings {
      let message = text.finding(finding, in: report).text
      // The contract's limit on the lines of a message.
      precondition(message.split(separator: "\n", omittingEmptySubsequences: false).count <= 26)
      _ = text.short(finding, in: report)
    }
  }

  func renderAll() {
    let report = report()
    render(report.findings)
    _ = TextReport(style: TextStyle(color: false, unicode: false)).survey(in: report)
    _ = JSONReport.render(report)
    compare(report)
  }

  /// A run doesn't differ from itself, and differs in some way from one without its last process.
  private func compare(_ report: RunReport) {
    let run = ComparedRun(report)
    precondition(Comparison(good: run, bad: run).differences.isEmpty)
    var other = report
    if !other.processes.isEmpty { other.processes.removeLast() }
    other.findings = []
    let comparison = Comparison(good: run, bad: ComparedRun(other))
    let style = TextStyle(color: true, unicode: false)
    let text = ComparisonText(comparison, good: report, bad: other, style: style).text
    precondition(!text.isEmpty)
    _ = JSONComparison.render(comparison, good: report, bad: other, paths: ("a", "b"))
  }

  private func report() -> RunReport {
    analysis.report(
      toolVersion: "0", source: .live, command: ["python"], workingDirectory: "/w",
      limitations: [])
  }
}
