internal import Analysis
internal import Input
internal import Recording
internal import Redaction
internal import StraceLog
internal import TraceModel

/// A run that strace(1) has logged: there are no stacks in it, and perhaps not all calls.
final class LoggedRun: ReplayedRun {
  private let source: LogSource
  private let name: String
  private let isFollowed: Bool
  private let judge: RunJudge
  private var log = StraceReader()
  /// A log has the secrets that a recording doesn't have, and reports are handed on.
  private let redactor: Redactor
  private var root: ProcessID?
  private var lastTime = TraceTime.zero
  private var unreadable: Limitation?

  /// - Parameter name: How the log is called in the report.
  init(_ source: LogSource, named name: String, _ options: ReplayOptions, observer: any RunObserver)
  {
    self.source = source
    redactor = Redactor(
      environment: [], hiding: ArgumentHider(RunKey.ofLogs),
      keepsArguments: options.keepsArguments)
    self.name = name
    isFollowed = options.isFollowed
    var limits = Limits()
    // Without an order of the threads' calls it isn't known how many processes lived at once.
    if case .threads(let files) = source, !files.isOrdered { limits.maxProcesses = .max }
    judge = RunJudge(
      RunDescription(source: .strace(path: name)),
      RunAnalysis(
        limits: options.limits(limits), evidence: options.evidence ?? .all, isFromLog: true),
      observer: observer)
  }

  func judged() throws(ReplayError) -> ReplayedResult {
    do throws(InputError) {
      try read()
    } catch {
      if case .refused = error { throw .unreadable(path: name, error) }
      unreadable = .logUnreadable(explanation: error.explanation)
    }
    if let directory = log.workingDirectory { judge.run.workingDirectory = directory }
    var run = judge.conclusion(isEndKnown: false)
    run.ending = run.report.termination
    run.report.isTruncated = !log.hasEnd
    return ReplayedResult(run, inputLimitations: limitations)
  }

  private func read() throws(InputError) {
    switch source {
    case .file(let input):
      var pieces = InputPieces(input, isFollowed: isFollowed)
      while let piece = try pieces.next(isComplete: log.hasEnd) {
        log.read(piece) { [unowned self] in observe($0) }
      }
    case .threads(let files):
      files.read(with: &log) { [unowned self] in observe($0) }
      if files.unreadFiles > 0 { unreadable = .logFilesUnreadable(files.unreadFiles) }
    }
    log.finish { [unowned self] in observe($0) }
  }

  private func observe(_ event: Event) {
    let event = redactor.event(event)
    lastTime = event.time
    // The command must be known before a finding is reported.
    switch event.kind {
    case .started(let start) where start.call == .launch: root = event.process
    case .executed(let execution) where event.process == root && judge.run.command.isEmpty:
      judge.run.command = execution.arguments
      judge.run.workingDirectory = execution.workingDirectory
    default: break
    }
    judge.observe(event)
  }

  /// What is wrong with the log, and what it lacks.
  private var limitations: [Limitation] {
    var result: [Limitation] = []
    if log.damagedLines > 0 {
      result.append(.foreignLines(log.damagedLines, examples: log.damagedExamples))
    }
    if let unreadable { result.append(unreadable) }
    if !log.hasEnd { result.append(.logEndsEarly(at: lastTime > .zero ? lastTime : nil)) }
    let lacking = log.limitations
    return result + lacking.map { .log($0) } + (lacking.isEmpty ? [] : [.logIsIncomplete])
  }
}
