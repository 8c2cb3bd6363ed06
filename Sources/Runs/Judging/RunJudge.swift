package import Analysis
package import TraceModel

/// Feeds a run's events to the analysis and passes on what they prove. Live runs, recordings and
/// logs of strace are judged alike.
package final class RunJudge {
  package var run: RunDescription
  private var analysis: RunAnalysis
  private let observer: any RunObserver
  /// The observer's `wantsEvents`, which is needed at each event.
  private let showsEvents: Bool
  /// Whether spawntrace ended the tree.
  package private(set) var isStopped = false
  /// Whether a resource tracker of semaphores lived when that began.
  private var endsTracker = false
  /// How long the run was given, in nanoseconds, if that time has passed.
  package private(set) var passedDeadline: UInt64?
  /// The signal that asked for the run's end, if the tree was surveyed because of it.
  package private(set) var endingSignal: Int32?
  private var hasErrors = false
  /// The edits for what was found, by the files' texts at that moment.
  private var fixes: [ProposedFix] = []
  /// Whether the last survey was that of a first Ctrl-C, which the program may answer.
  package private(set) var isSurveyOfInterrupt = false

  package init(_ run: RunDescription, _ analysis: RunAnalysis, observer: any RunObserver) {
    self.run = run
    self.analysis = analysis
    self.observer = observer
    showsEvents = observer.wantsEvents
  }

  // MARK: While it runs

  /// Takes in an event, passes on what it proves, and returns it.
  @discardableResult
  package func observe(_ event: Event) -> [Finding] {
    let findings = judge(event)
    show(event, findings)
    return findings
  }

  /// Takes in an event, and returns what it proves.
  func judge(_ event: Event) -> [Finding] {
    analysis.observe(event)
  }

  /// Adds the edit for a finding, which `show` passes on next.
  package func add(_ fix: ProposedFix) {
    fixes.append(fix)
  }

  /// Whether an edit may help that isn't known.
  func lacksFix(_ finding: Finding) -> Bool {
    finding.isMendedByGuard && !fixes.contains { $0.mends(finding) }
  }

  /// Passes on an event and what it proves.
  func show(_ event: Event, _ findings: [Finding]) {
    if showsEvents { observer.observed(event, in: analysis.forest) }
    if case .surveyBegan(let cause) = event.kind { noteEnd(cause) }
    if !findings.isEmpty {
      observer.found(findings, report: report)
      if !hasErrors { hasErrors = findings.contains { $0.severity == .error } }
    }
    if case .surveyEnded = event.kind, !isSurveyOfInterrupt { observer.surveyed(report: report) }
  }

  private func noteEnd(_ cause: SurveyCause) {
    switch cause {
    case .deadline(let nanoseconds): passedDeadline = nanoseconds
    case .signal(let signal): endingSignal = signal
    case .interrupt: break
    }
    isSurveyOfInterrupt = cause == .interrupt
  }

  /// Notes that spawntrace begins to end the tree.
  package func stop() {
    isStopped = true
    endsTracker = analysis.forest.completedRecords().contains { $0.isLivingTrackerOfLocks }
    analysis.stop()
  }

  /// Judges an invented event without any consequence. The code that a proof needs has then run
  /// once.
  ///
  /// - Parameter fix: Makes the edit for a finding.
  func warmUp(with invented: Event, fix: (Finding) -> ProposedFix?) {
    var analysis = analysis
    let findings = analysis.observe(invented)
    if !findings.isEmpty {
      let fixes = findings.compactMap(fix)
      observer.warmUp(with: findings, report: { Self.report(of: analysis, self.run, fixes) })
    }
  }

  // MARK: Reports

  /// Makes the report of the run up to now.
  package func report() -> RunReport {
    Self.report(of: analysis, run, fixes)
  }

  /// Returns the run when it is over.
  ///
  /// - Parameter isEndKnown: Whether the run's end was seen, and not only its events up to some
  ///   moment.
  package func conclusion(isEndKnown: Bool) -> JudgedRun {
    var report = report()
    let survivors = report.processes.filter { $0.endedAt == nil }.map(\.pid)
    if isEndKnown, !isStopped, report.termination != nil, !survivors.isEmpty {
      report.limitations.append(.leftRunning(survivors, chain: report.livingChain))
    }
    return JudgedRun(
      report: report, isStopped: isStopped, endsTracker: endsTracker,
      passedDeadline: passedDeadline,
      endingSignal: endingSignal, hasErrors: hasErrors)
  }

  private static func report(
    of analysis: RunAnalysis, _ run: RunDescription, _ fixes: [ProposedFix]
  ) -> RunReport {
    var report = analysis.report(
      toolVersion: Version.current, source: run.source, command: run.command,
      workingDirectory: run.workingDirectory, limitations: run.limitations)
    report.monotonicStart = run.monotonicStart
    report.began = run.began
    report.checkout = run.checkout
    report.fixes = fixes
    return report
  }
}

extension ProcessRecord {
  /// Whether it is a resource tracker that still runs and was started for a semaphore. One that the
  /// start of a process has started may have nothing to clean up.
  fileprivate var isLivingTrackerOfLocks: Bool {
    role == .resourceTracker && endedAt == nil && site?.isOfWorker != true
  }
}
