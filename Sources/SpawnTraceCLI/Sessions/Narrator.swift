internal import Analysis
internal import Diagnostics
internal import LinuxProcess
internal import Reporting
internal import Runs
internal import TraceModel

/// Prints what a run shows, while it runs and at its end: live and in a replay.
final class Narrator: RunObserver {
  private let settings: ReportSettings
  private let text: TextReport
  private var shownErrors = 0
  private var shownNotes = 0
  /// What was said to be missing; it isn't said twice.
  private var shownLimitations: Set<Limitation> = []
  private var processes = ProcessNarration()
  /// Three findings are enough to read, and the last line counts the rest.
  private static let limit = 3

  /// - Parameter command: Returns the command as it was typed; nil for the one that the report has.
  init(_ settings: ReportSettings, command: @escaping () -> [String]? = { nil }) {
    self.settings = settings
    let columns = TerminalWidth.columns(of: 2)
    text = TextReport(
      style: TextStyle(
        color: settings.color.isColored, unicode: ColorChoice.isUnicode,
        width: TerminalWidth.ofReport(on: 2)),
      command: command, shortWidth: columns == nil ? .max : 120)
  }

  // MARK: While it runs

  var wantsEvents: Bool { settings.verbose }

  func observed(_ event: Event, in forest: ProcessForest) {
    for line in processes.lines(for: event, in: forest) { StandardError.say(line) }
  }

  func found(_ findings: [Finding], report: () -> RunReport) {
    guard settings.style != .none else { return }
    let report = report()
    // The program may have left the cursor anywhere in a line.
    if settings.style == .short { StandardError.write(.emptyLine) }
    for finding in findings where countsAsShown(finding) {
      if settings.style == .short {
        StandardError.write(text.short(finding, in: report))
      } else {
        StandardError.write(.emptyLine + text.finding(finding, in: report))
      }
    }
  }

  /// Whether a finding is still printed at length; errors are not kept back by notes.
  private func countsAsShown(_ finding: Finding) -> Bool {
    if settings.style == .short { return true }
    let isError = finding.severity == .error
    guard (isError ? shownErrors : shownErrors + shownNotes) < Self.limit else { return false }
    if isError { shownErrors += 1 } else { shownNotes += 1 }
    return true
  }

  func surveyed(report: () -> RunReport) {
    if settings.style.isLong { StandardError.write(.emptyLine + text.survey(in: report())) }
  }

  func warmUp(with invented: [Finding], report: () -> RunReport) {
    let report = report()
    for finding in invented { _ = text.finding(finding, in: report) }
  }

  func noticed(_ notice: RunNotice) {
    if notice.isFailure || settings.style != .none { StandardError.say(notice.message) }
  }

  // MARK: At the end

  /// Prints what is wrong with the file that a run was read from.
  func show(_ limitations: [Limitation]) {
    guard settings.style != .none else { return }
    for limitation in limitations { StandardError.say(limitation.sentence) }
    shownLimitations = Set(limitations)
  }

  /// Prints the last line.
  ///
  /// - Parameter ending: How spawntrace itself ends at the end of the run; nil if that isn't known.
  func showEnd(of run: JudgedRun, ending: Termination?) {
    if settings.verbose, let summary = processes.summary { StandardError.say(summary) }
    guard settings.style != .none else { return }
    if run.endsTracker {
      StandardError.say(
        "a warning about leaked semaphore objects comes from ending the run; none is left behind")
    }
    if settings.style == .full {
      StandardError.write(.emptyLine + ProcessTreeText(run.report, style: text.style).text)
      StandardError.write(RepeatedMainText(run.report, style: text.style).text)
      StandardError.write(StartMethodText(run.report, style: text.style).text)
    }
    if settings.style.isLong, run.hasDiedOfInterrupt {
      StandardError.write(.emptyLine + text.shortSurvey(in: run.report))
    }
    let verdict = text.verdictLine(run.report, ending: ending, isStopped: run.isStopped)
    if !run.report.findings.isEmpty {
      StandardError.write(verdict)
    } else if let end = endFromOutside(of: run) {
      StandardError.say(end)
    } else if let limitation = run.report.limitations.first(where: { !$0.isOfSurvivors }),
      !shownLimitations.contains(limitation)
    {
      StandardError.say(limitation.sentence)
    } else if settings.style == .full {
      // A full report says that nothing was found, too.
      StandardError.write(verdict)
    }
    if let left = leftRunning(by: run) { StandardError.say(left) }
  }

  /// What is said about processes that the command has left running; nil if there are none. The
  /// tracer stays with them, and ends them if it is asked to end.
  private func leftRunning(by run: JudgedRun) -> String? {
    guard let limitation = run.report.limitations.first(where: \.isOfSurvivors),
      !shownLimitations.contains(limitation)
    else { return nil }
    if run.report.source != .live { return limitation.sentence }
    return limitation.sentence + "; kill \(OwnProcess.id.rawValue) ends it now"
  }

  /// What is said if a run without findings was ended from outside; nil if it wasn't.
  private func endFromOutside(of run: JudgedRun) -> String? {
    let state = run.report.survey?.isMoving == false ? "waiting" : "working"
    if let deadline = run.passedDeadline {
      return """
        the run was still \(state) when its \(Double(deadline) / 1e9) s had passed; stopped, exit \
        \(ExitStatus.deadline)
        """
    }
    guard run.isStopped, let signal = run.endingSignal else { return nil }
    return "the run was still \(state) when \(SignalName.of(signal)) came; stopped, no finding"
  }
}

extension Limitation {
  fileprivate var isOfSurvivors: Bool {
    if case .leftRunning = self { true } else { false }
  }
}
