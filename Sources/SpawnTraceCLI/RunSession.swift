internal import Analysis
internal import Bytes
internal import Glibc
internal import LinuxProcess
internal import Recording
internal import Redaction
internal import Reporting
internal import SystemPackage
internal import TraceModel
internal import Tracer

/// One traced run: where source, analysis, reports, recording and policy meet.
final class RunSession: TraceHandler {
  private let options: RunSettings
  private let narrator: RunNarrator
  private let redactor: Redactor
  private let json: ReportFile?
  private let front: Front
  private var recording: RunRecording?
  private var warnings = TracingWarnings()
  private var isRehearsed = false
  /// How many times the terminal's Ctrl-C was heard.
  private var interruptions = 0

  /// Ends the process where an option can't be met.
  init(_ options: RunSettings, _ front: Front) {
    self.options = options
    self.front = front
    redactor = Redactor(environment: Environment.variables)
    narrator = RunNarrator(
      RunNarrator.Run(
        source: .live, command: redactor.arguments(options.command),
        workingDirectory: destination(ofLink: "/proc/self/cwd") ?? "/"),
      RunAnalysis(limits: options.limits, evidence: options.evidence.evidence),
      options.reporting)
    json = ReportFile.create(options.reporting.json, orEndWith: ExitStatus.failure)
    recording = RunRecording(options.record)
  }

  func runToTheEnd() -> Never {
    do {
      let tracer = try Tracer(
        options.command, mechanism: options.mechanism.mechanism, watching: options.watch.watching,
        capture: options.tracerCapture,
        timeout: options.timeout.map { UInt64($0 * 1e9) }, front: front, handler: self)
      noteWeakness(of: tracer)
      narrator.run.monotonicStart = tracer.monotonicStart
      recording?.begin(
        narrator.run, options, mechanism: tracer.mechanism, redactor: redactor)
      let outcome = try tracer.run()
      // Whoever killed the front wants to hear no more; a recording ends in the middle.
      if outcome.isAbandoned { exit(ExitStatus.failure) }
      let ending = finish(outcome)
      front.end(ending, staying: !outcome.survivors.isEmpty)
      if !outcome.survivors.isEmpty {
        detachFromCaller()
        try tracer.serveSurvivors()
      }
      tracer.closeBehind()
      exit(0)
    } catch let error as LaunchError {
      StandardError.say(error.explanation)
    } catch {
      StandardError.say("cannot go on tracing: \(error); the command was ended")
    }
    exit(ExitStatus.failure)
  }

  /// Without a filter no start of a worker can be seen, and silence would mean nothing.
  private func noteWeakness(of tracer: Tracer) {
    guard tracer.mechanism == .events else { return }
    let reason = tracer.refusals.last?.explanation ?? "it was asked for"
    narrator.run.limitations.append(
      "opened files could not be seen, so that no re-execution cycle can be found: \(reason)")
  }

  // MARK: While it runs

  func observe(_ event: Event) -> Directive {
    if case .executed(let execution) = event.kind,
      options.reporting.report != ReportOptions.ReportStyle.none,
      let warning = warnings.warning(of: execution, by: event.process)
    {
      StandardError.say(warning)
    }
    let event = redactor.event(event)
    let findings = narrator.observe(event)
    recording?.write(event)
    if findings.isEmpty { rehearse(after: event) }
    if case .surveyEnded = event.kind { return endAfterSurvey(event) }
    // A limit of processes that is passed ends the tree in any case: it would not end by itself.
    guard
      findings.contains(where: { finding in
        finding.rule.severity == .error && (options.onCycle == .stop || finding.isOfProcessLimit)
      })
    else { return .goOn }
    stop(at: event)
    return .endTree
  }

  private func stop(at event: Event) {
    narrator.stop()
    recording?.writeStop(at: event.time)
  }

  /// All threads have been looked at: ends the run.
  private func endAfterSurvey(_ event: Event) -> Directive {
    stop(at: event)
    // A Ctrl-C went to the program as well, and has not ended it.
    guard let signal = narrator.endingSignal, signal != SIGINT else { return .endTree }
    return .endCommand(signal: signal)
  }

  /// Goes once through all that a proof leads to, with an invented one, as soon as a program starts its
  /// first worker: what runs for the first time is slow (caches of the Swift runtime), and a real proof
  /// is to be told within a millisecond.
  private func rehearse(after event: Event) {
    guard !isRehearsed, case .opened = event.kind, case .read(var stack) = event.stack,
      let folder = stack.frames.first(where: { $0.function == "_Popen" })?.path.directory
    else { return }
    isRehearsed = true
    stack.frames.append(
      PythonFrame(path: folder + "/spawn.py", line: nil, function: "_fixup_main_from_path"))
    var invented = event
    invented.stack = .read(stack)
    narrator.rehearse(invented)
  }

  func interrupted(by signal: Int32, sender: ProcessID?, rootIsAlive: Bool) -> Interruption {
    guard rootIsAlive else {
      return [SIGINT, SIGQUIT, SIGTERM, SIGHUP].contains(signal) ? .endTree : .ignore
    }
    switch signal {
    case SIGTERM:
      // A CI job is cancelled so: whoever reads its log will want to know where it was.
      return .survey
    case SIGINT:
      interruptions += 1
      if interruptions > 1 { return .survey }
    default: break
    }
    // What the kernel sent (Ctrl-C, a terminal that hangs up) went to the whole foreground group.
    return sender == nil ? .ignore : .passOn
  }

  func letGo(_ process: ProcessID, _ thread: ThreadID) {
    StandardError.say(
      """
      process \(process.rawValue) stood still, because spawntrace had lost sight of its thread \
      \(thread.rawValue); it goes on now. This is a fault of spawntrace's
      """)
  }

  func lost(_ process: ProcessID) {
    StandardError.say(
      """
      process \(process.rawValue) has ended, and spawntrace has missed how. This is a fault of \
      spawntrace's
      """)
  }

  func outlived(by processes: [ProcessID]) -> Survivors {
    guard options.wait || options.killSurvivors else { return .leave }
    if options.reporting.report != ReportOptions.ReportStyle.none {
      let doing = options.wait ? "waiting for" : "ending"
      let hint = options.wait ? " (Ctrl-C ends them)" : ""
      StandardError.say(
        "the command has ended; \(doing) what it left running: \(RunNarrator.list(processes))\(hint)"
      )
    }
    return options.wait ? .wait : .end
  }

  // MARK: At the end

  /// Tells all that is to be told of the run, and how spawntrace ends.
  private func finish(_ outcome: Tracer.Outcome) -> Front.Ending {
    if let error = outcome.executionError {
      StandardError.say("\(options.command[0]): \(reason(error))")
      return .status(ExitStatus.notExecuted(error))
    }
    let report = narrator.finalReport(isEndKnown: true)
    let ending = ending(of: report)
    recording?.end(
      RecordingEnd(
        time: TraceTime(
          nanoseconds: monotonicNanoseconds() &- (narrator.run.monotonicStart ?? 0)),
        events: report.events, ending: ending, isStopped: narrator.isStopped,
        hasTimedOut: narrator.passedDeadline != nil))
    let isWritten = json?.write(report) != false && recording?.hasFailed != true
    narrator.sayLast(report, ending: ending)
    switch ending {
    case .status(let status):
      if report.termination == nil, status == ExitStatus.failure {
        StandardError.say("lost sight of the command: how it ended is not known")
      }
      return .status(isWritten || status != 0 ? status : ExitStatus.failure)
    case .signal(let signal): return .signal(signal)
    }
  }

  /// How spawntrace itself ends: as the contract says, else as the command did.
  private func ending(of report: RunReport) -> Termination {
    if narrator.passedDeadline != nil { return .status(ExitStatus.deadline) }
    if narrator.hasFindings { return .status(options.findingStatus) }
    // Whoever was asked to end, and by which signal, the whole run has died of it.
    if case .signal = report.termination, let signal = narrator.endingSignal {
      return .signal(signal)
    }
    return report.termination ?? .status(ExitStatus.failure)
  }

  private func reason(_ error: Errno) -> String {
    if error == .permissionDenied, FileStatus(path: options.command[0])?.isDirectory == true {
      return "is a directory"
    }
    return error == .noSuchFileOrDirectory ? "command not found" : "\(error)"
  }
}
