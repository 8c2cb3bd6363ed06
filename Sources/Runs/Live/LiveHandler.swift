internal import Analysis
internal import Fixing
internal import Glibc
internal import LinuxProcess
internal import Recording
internal import Redaction
internal import TraceModel
internal import Tracer

/// Decides what becomes of the traced tree: takes in the tracer's events, records and judges them,
/// and answers with what the settings say.
final class LiveHandler: TraceHandler {
  private let settings: LiveSettings
  private let judge: RunJudge
  private let redactor: Redactor
  private let recording: RunRecording?
  private let observer: any RunObserver
  private var warnings = TracingWarnings()
  private var warmUp = WarmUp()
  /// Whether a signal came that asks for the run's end.
  private(set) var wasInterrupted = false
  /// The edits for what was found, with the files' texts.
  private(set) var ready: [ReadyFix] = []

  init(
    _ settings: LiveSettings, _ judge: RunJudge, redactor: Redactor, recording: RunRecording?,
    observer: any RunObserver
  ) {
    self.settings = settings
    self.judge = judge
    self.redactor = redactor
    self.recording = recording
    self.observer = observer
  }

  /// The event, and the fix of what it proves, are recorded before that is reported: a tracer that
  /// is killed in between leaves no report without its proof.
  func observe(_ event: Event) -> Directive {
    let event = redactor.event(event)
    let findings = judge.judge(event)
    for finding in findings { addFix(for: finding, of: event.process) }
    recording?.write(event)
    if case .executed(let execution) = event.kind,
      let notice = warnings.notice(of: execution, by: event.process)
    {
      observer.noticed(notice)
    }
    judge.show(event, findings)
    if findings.isEmpty, let invented = warmUp.inventedProof(after: event) {
      judge.warmUp(with: invented) { finding in
        proposer(reading: invented.process).fix(for: finding).map { redactor.fix($0.proposal) }
      }
    }
    if case .surveyEnded = event.kind {
      return judge.isSurveyOfInterrupt ? .proceed : endAfterSurvey(event)
    }
    guard findings.contains(where: endsRun) else { return .proceed }
    stop(at: event)
    return .endTree
  }

  /// Makes the edit for a finding from the files' texts as they are now.
  func addFix(for finding: Finding, of process: ProcessID?) {
    guard judge.lacksFix(finding), let fix = proposer(reading: process).fix(for: finding) else {
      return
    }
    ready.append(fix)
    let redacted = redactor.fix(fix.proposal)
    recording?.write(redacted)
    judge.add(redacted)
  }

  /// - Parameter process: The process as whose root folder the files are read.
  private func proposer(reading process: ProcessID?) -> FixProposer {
    FixProposer { [overlays = settings.overlays] path in
      let file = resolvedPath(path) ?? path
      if let overlay = overlays.first(where: { $0.path == file }) { return (file, overlay.text) }
      let rooted = process.map { ProcessFolder($0).rooted(path) }
      let bytes = rooted.flatMap { contents(of: $0) } ?? contents(of: path)
      return bytes.map { (file, $0) }
    }
  }

  /// A tree with too many processes is ended in any case: it would not end by itself. A deadlock
  /// ends nothing: what asked for the survey does, or the command has ended.
  private func endsRun(_ finding: Finding) -> Bool {
    finding.severity == .error && finding.rule != .deadlock
      && (settings.onCycle == .stop || finding.isOfProcessLimit)
  }

  private func stop(at event: Event) {
    judge.stop()
    recording?.writeStop(at: event.time)
  }

  /// All threads have been surveyed: ends the run. After Ctrl-Cs the program gets one more chance
  /// to answer.
  private func endAfterSurvey(_ event: Event) -> Directive {
    if judge.passedDeadline == nil, judge.endingSignal == SIGINT { return .proceed }
    stop(at: event)
    guard judge.passedDeadline == nil, let signal = judge.endingSignal else { return .endTree }
    return .endCommand(signal: signal)
  }

  func interrupted(
    by signal: Int32, sender: ProcessID?, unanswered: Int, rootIsAlive: Bool
  ) -> Interruption {
    if [SIGINT, SIGQUIT, SIGTERM, SIGHUP].contains(signal) { wasInterrupted = true }
    guard rootIsAlive else {
      return [SIGINT, SIGQUIT, SIGTERM, SIGHUP].contains(signal) ? .endTree : .ignore
    }
    switch signal {
    case SIGTERM:
      // CI services cancel a job with it, and the job's log should show where the run was.
      return .survey
    case SIGINT where unanswered > 1:
      return unanswered == 2 ? .survey : .endTree
    default: break
    }
    // What the kernel sent (Ctrl-C, a terminal that hangs up) went to the whole foreground group.
    return sender == nil ? .ignore : .passOn
  }

  func resumedStuckThread(_ thread: ThreadID, of process: ProcessID) {
    observer.noticed(.threadReleased(process, thread))
  }

  func lost(_ process: ProcessID) {
    observer.noticed(.endMissed(process))
  }

  func outlived(by processes: [ProcessID]) -> Survivors {
    switch settings.survivors {
    case .wait: observer.noticed(.waitsForSurvivors(processes))
    case .end: observer.noticed(.endsSurvivors(processes))
    case .leave: break
    }
    return settings.survivors
  }
}
