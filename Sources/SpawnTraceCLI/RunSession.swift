internal import Analysis
internal import Glibc
internal import LinuxProcess
internal import Reporting
internal import SystemPackage
internal import TraceModel
internal import Tracer

/// One traced run: where source, analysis, reports and policy meet.
final class RunSession: TraceHandler {
  private let options: RunCommand
  private let text: TextReport
  private let workingDirectory: String
  private let json: OutputFile?
  private var analysis: RunAnalysis
  private var limitations: [String] = []
  private var hasFindings = false
  private var isStopped = false
  private var monotonicStart: UInt64?
  private var isRehearsed = false
  private var hasTimedOut = false
  /// How many times the terminal's Ctrl-C was heard.
  private var interruptions = 0
  /// The signal that asked for the run's end, where spawntrace has looked at the tree for it.
  private var endingSignal: Int32?

  /// Ends the process where an option can't be met.
  init(_ options: RunCommand) {
    self.options = options
    text = TextReport(
      style: TextStyle(color: options.color.isColored, unicode: ColorChoice.isUnicode))
    workingDirectory = destination(ofLink: "/proc/self/cwd") ?? "/"
    analysis = RunAnalysis(
      processLimit: options.maxProcesses, evidence: options.evidence.evidence)
    if let path = options.json {
      guard let file = OutputFile.create(path) else {
        StandardError.say("cannot write the report to \(path): \(Errno(rawValue: errno))")
        exit(ExitStatus.failure)
      }
      json = file
    } else {
      json = nil
    }
  }

  func runToTheEnd() -> Never {
    do {
      let tracer = try Tracer(
        options.command, mechanism: options.mechanism.mechanism, capture: options.tracerCapture,
        timeout: options.timeout.map { UInt64($0 * 1e9) }, handler: self)
      noteWeakness(of: tracer)
      monotonicStart = tracer.monotonicStart
      finish(try tracer.run())
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
    limitations.append(
      "opened files could not be seen, so that no re-execution cycle can be found: \(reason)")
  }

  // MARK: While it runs

  func observe(_ event: Event) -> Directive {
    let findings = analysis.observe(event)
    if findings.isEmpty { rehearse(after: event) }
    if options.verbose, let line = ProcessLine(event, in: analysis.forest) {
      StandardError.say(line.text)
    }
    if case .surveyBegan(let cause) = event.kind { noteEnd(cause) }
    announce(findings)
    if case .surveyEnded = event.kind { return endAfterSurvey() }
    guard !findings.isEmpty else { return .goOn }
    hasFindings = hasFindings || findings.contains { $0.rule.severity == .error }
    // A limit that is passed ends the tree in any case: it would not end by itself.
    guard options.onCycle == .stop || findings.contains(where: { $0.rule == .forkBomb }) else {
      return .goOn
    }
    isStopped = true
    analysis.stop()
    return .endTree
  }

  private func announce(_ findings: [Finding]) {
    guard !findings.isEmpty else { return }
    let report = makeReport()
    for finding in findings {
      switch options.report {
      // The program may have left the cursor anywhere in a line.
      case .full: StandardError.write("\n" + text.finding(finding, in: report))
      case .short: StandardError.write(text.short(finding, in: report) + "\n")
      case .none: break
      }
    }
  }

  private func noteEnd(_ cause: SurveyCause) {
    switch cause {
    case .deadline: hasTimedOut = true
    case .signal(let signal): endingSignal = signal
    }
  }

  /// All threads have been looked at: tells what they do, and ends the run.
  private func endAfterSurvey() -> Directive {
    if options.report == .full {
      StandardError.write("\n" + text.survey(in: makeReport()))
    }
    isStopped = true
    analysis.stop()
    // A Ctrl-C went to the program as well, and has not ended it.
    guard let endingSignal, endingSignal != SIGINT else { return .endTree }
    return .endCommand(signal: endingSignal)
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
    var rehearsal = analysis
    for finding in rehearsal.observe(invented) {
      _ = text.finding(finding, in: makeReport(of: rehearsal))
    }
  }

  func interrupted(by signal: Int32, sender: ProcessID?, rootIsAlive: Bool) -> Interruption {
    guard rootIsAlive else { return .endTree }
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

  func outlived(by processes: [ProcessID]) {
    guard options.report != .none else { return }
    let pids = processes.prefix(5).map { String($0.rawValue) }.joined(separator: ", ")
    let more = processes.count > 5 ? " and \(processes.count - 5) more" : ""
    StandardError.say(
      "the command has ended; waiting for what it left running: \(pids)\(more) (Ctrl-C ends them)")
  }

  // MARK: At the end

  private func makeReport() -> RunReport {
    var report = makeReport(of: analysis)
    report.monotonicStart = monotonicStart
    return report
  }

  private func makeReport(of analysis: RunAnalysis) -> RunReport {
    analysis.report(
      toolVersion: Version.current, source: .live, command: options.command,
      workingDirectory: workingDirectory, limitations: limitations)
  }

  private func finish(_ outcome: Tracer.Outcome) -> Never {
    if let error = outcome.executionError {
      StandardError.say("\(options.command[0]): \(reason(error))")
      exit(ExitStatus.notExecuted(error))
    }
    let report = makeReport()
    let written = write(report)
    if options.report != .none { sayLast(report) }
    if let status = status(at: report) { exit(status) }
    switch outcome.termination {
    case .signal where endingSignal != nil:
      // Whoever was asked to end, and by which signal, the whole run has died of it.
      dieOf(endingSignal ?? SIGTERM)
      exit(128 + (endingSignal ?? SIGTERM))
    case .status(let status):
      exit(written || status != 0 ? status : ExitStatus.failure)
    case .signal(let signal):
      dieOf(signal)
      exit(128 + signal)
    case nil:
      StandardError.say("lost sight of the command: how it ended is not known")
      exit(ExitStatus.failure)
    }
  }

  /// The status with which spawntrace ends; nil where it ends as the command did.
  private func status(at report: RunReport) -> Int32? {
    if hasTimedOut { return ExitStatus.deadline }
    return hasFindings ? options.findingStatus : nil
  }

  private func reason(_ error: Errno) -> String {
    if error == .permissionDenied, FileStatus(path: options.command[0])?.isDirectory == true {
      return "is a directory"
    }
    return error == .noSuchFileOrDirectory ? "command not found" : "\(error)"
  }

  /// Writes the JSON report; where that fails says so, with the command's own result.
  private func write(_ report: RunReport) -> Bool {
    guard let json else { return true }
    var error = json.write(JSONReport.render(report))
    let closing = json.close()
    if error == 0 { error = closing }
    guard error != 0 else { return true }
    let ending =
      switch report.termination {
      case .status(let status): "the command ended with status \(status)"
      case .signal(let signal): "the command died of signal \(signal)"
      case nil: "the command did not end"
      }
    StandardError.say(
      "cannot write the report to \(options.json ?? ""): \(Errno(rawValue: error)); \(ending)")
    return false
  }

  private func ending(of report: RunReport) -> Termination {
    if let status = status(at: report) { return .status(status) }
    if case .signal = report.termination, let endingSignal { return .signal(endingSignal) }
    return report.termination ?? .status(ExitStatus.failure)
  }

  private func sayLast(_ report: RunReport) {
    if !report.findings.isEmpty {
      StandardError.write(
        text.verdictLine(report, ending: ending(of: report), isStopped: isStopped) + "\n")
    } else if hasTimedOut {
      let seconds = options.timeout.map { "\($0)" } ?? ""
      StandardError.say(
        "the run was still working when its \(seconds) s had passed; stopped, exit \(ExitStatus.deadline)"
      )
    } else if let limitation = report.limitations.first {
      StandardError.say(limitation)
    }
  }
}
