internal import Analysis
internal import Reporting
internal import TraceModel

/// Judges the events of a run and tells what they prove: what a live run and its replay have in common.
final class RunNarrator {
  /// What is known of a run beside its events.
  struct Run {
    var source: RunReport.Source
    /// Without secrets.
    var command: [String]
    var workingDirectory: String
    /// By the machine's monotonic clock, in nanoseconds.
    var monotonicStart: UInt64?
    var limitations: [String] = []
  }

  var run: Run
  private(set) var analysis: RunAnalysis
  private let options: ReportSettings
  /// Asked for each event.
  private let isVerbose: Bool
  private let text: TextReport
  /// Whether there is a finding of severity error, other than what a look at the tree at its end told.
  private(set) var hasFindings = false
  /// Whether spawntrace ended the tree.
  private(set) var isStopped = false
  /// How long the run was given, in nanoseconds, where that has passed.
  private(set) var passedDeadline: UInt64?
  /// The signal that asked for the run's end, where spawntrace has looked at the tree for it.
  private(set) var endingSignal: Int32?
  /// How many findings have been told.
  private var toldErrors = 0
  private var toldNotes = 0
  private static let toldLimit = 3

  init(_ run: Run, _ analysis: RunAnalysis, _ options: ReportSettings) {
    self.run = run
    self.analysis = analysis
    self.options = options
    isVerbose = options.verbose
    text = TextReport(
      style: TextStyle(color: options.color.isColored, unicode: ColorChoice.isUnicode))
  }

  // MARK: While it runs

  /// Takes in an event, tells what it proves, and returns it.
  func observe(_ event: Event) -> [Finding] {
    let findings = analysis.observe(event)
    if isVerbose, let line = ProcessLine(event, in: analysis.forest) {
      StandardError.say(line.text)
    }
    if case .surveyBegan(let cause) = event.kind { noteEnd(cause) }
    announce(findings)
    if case .surveyEnded = event.kind {
      if options.tellsFindings { StandardError.write("\n" + text.survey(in: report())) }
      return findings
    }
    hasFindings = hasFindings || findings.contains { $0.rule.severity == .error }
    return findings
  }

  /// The tree is being ended.
  func stop() {
    isStopped = true
    analysis.stop()
  }

  private func announce(_ findings: [Finding]) {
    guard !findings.isEmpty else { return }
    let report = report()
    for finding in findings where options.report != ReportOptions.ReportStyle.none {
      guard isTold(finding) else { continue }
      switch options.report {
      // The program may have left the cursor anywhere in a line.
      case nil, .full: StandardError.write("\n" + text.finding(finding, in: report))
      case .short: StandardError.write(text.short(finding, in: report) + "\n")
      case ReportOptions.ReportStyle.none?: break
      }
    }
  }

  /// Three are enough to read, and the last line counts the rest; an error isn't kept back by notes.
  private func isTold(_ finding: Finding) -> Bool {
    if options.report == .short { return true }
    let isError = finding.rule.severity == .error
    guard (isError ? toldErrors : toldErrors + toldNotes) < Self.toldLimit else { return false }
    if isError { toldErrors += 1 } else { toldNotes += 1 }
    return true
  }

  private func noteEnd(_ cause: SurveyCause) {
    switch cause {
    case .deadline(let nanoseconds): passedDeadline = nanoseconds
    case .signal(let signal): endingSignal = signal
    }
  }

  /// Goes through all that a proof leads to, with an invented one, and says nothing.
  func rehearse(_ invented: Event) {
    var rehearsal = analysis
    for finding in rehearsal.observe(invented) {
      _ = text.finding(finding, in: report(of: rehearsal))
    }
  }

  // MARK: At the end

  func report() -> RunReport {
    report(of: analysis)
  }

  /// The report of a run that is over.
  ///
  /// - Parameter isEndKnown: Whether its end was seen, and not only its events up to some moment.
  func finalReport(isEndKnown: Bool) -> RunReport {
    var report = report()
    let survivors = report.processes.filter { $0.endedAt == nil }.map(\.pid)
    if isEndKnown, !isStopped, report.termination != nil, !survivors.isEmpty {
      report.limitations.append(
        "the command left running \(Self.list(survivors)): what they do now is not watched (--wait does)"
      )
    }
    return report
  }

  /// Some process ids, and how many more there are.
  static func list(_ processes: [ProcessID]) -> String {
    let pids = processes.prefix(5).map { String($0.rawValue) }.joined(separator: ", ")
    return pids + (processes.count > 5 ? " and \(processes.count - 5) more" : "")
  }

  private func report(of analysis: RunAnalysis) -> RunReport {
    var report = analysis.report(
      toolVersion: Version.current, source: run.source, command: run.command,
      workingDirectory: run.workingDirectory, limitations: run.limitations)
    report.monotonicStart = run.monotonicStart
    return report
  }

  /// Says the last line.
  ///
  /// - Parameter ending: How spawntrace itself ended at the end of the run; nil where nobody knows.
  func sayLast(_ report: RunReport, ending: Termination?) {
    guard options.report != ReportOptions.ReportStyle.none else { return }
    if options.report == .full {
      StandardError.write("\n" + ProcessTreeText(report, style: text.style).text)
    }
    if !report.findings.isEmpty {
      StandardError.write(text.verdictLine(report, ending: ending, isStopped: isStopped) + "\n")
    } else if let passedDeadline {
      StandardError.say(
        """
        the run was still working when its \(Double(passedDeadline) / 1e9) s had passed; stopped, \
        exit \(ExitStatus.deadline)
        """)
    } else if let limitation = report.limitations.first {
      StandardError.say(limitation)
    }
  }
}
