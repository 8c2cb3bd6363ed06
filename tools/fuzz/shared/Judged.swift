import Analysis
import Reporting
import TraceModel

/// What becomes of events that nobody vouches for: they are judged and told, and nothing may trap.
struct Judged {
  private(set) var events: [Event] = []
  private var analysis: RunAnalysis

  init(isFromLog: Bool) {
    analysis = RunAnalysis(limits: Limits(maxProcesses: 20), isFromLog: isFromLog)
  }

  mutating func take(_ event: Event) {
    events.append(event)
    let findings = analysis.observe(event)
    guard !findings.isEmpty else { return }
    tell(findings)
  }

  mutating func stop() {
    analysis.stop()
  }

  private func tell(_ findings: [Finding]) {
    let text = TextReport(style: TextStyle(color: true, unicode: true))
    let report = report()
    for finding in findings {
      let told = text.finding(finding, in: report)
      // The contract's size of a message.
      precondition(told.split(separator: "\n", omittingEmptySubsequences: false).count <= 26)
      _ = text.short(finding, in: report)
    }
  }

  func tellAll() {
    let report = report()
    tell(report.findings)
    _ = TextReport(style: TextStyle(color: false, unicode: false)).survey(in: report)
    _ = JSONReport.render(report)
  }

  private func report() -> RunReport {
    analysis.report(
      toolVersion: "0", source: .live, command: ["python"], workingDirectory: "/w",
      limitations: [])
  }
}
