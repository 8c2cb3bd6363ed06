internal import Analysis
internal import Diagnostics
internal import Fixing
internal import LinuxProcess
internal import Reporting
internal import Runs
internal import SystemPackage
internal import TraceModel
internal import Tracer

/// `spawntrace run`: a live run with its reports, recording and statuses.
final class RunSession {
  private let settings: RunSettings
  private let narrator: Narrator
  private let json: ReportFile?
  private let live: LiveRun
  private let fixFile: FixFile?
  /// nil if no fix is to be tried.
  private var trial: FixTrial?
  /// How the fix did; nil if none was tried.
  private var triedSentence: String?

  /// Creates the files; nothing is started yet.
  ///
  /// - Parameter front: Gets the signals that end the wait for the reader of a pipe.
  init(_ settings: RunSettings, _ front: Front? = nil) throws(CommandError) {
    self.settings = settings
    let narrator = Narrator(settings.reporting, command: { settings.live.shownCommand })
    self.narrator = narrator
    try OutputFiles([
      ("--record", settings.record), ("--json", settings.reporting.json),
      ("--write-fix", settings.fixFile),
    ]).check(command: settings.live.command)
    let readers = try PipeReaders(
      of: [settings.record, settings.reporting.json, settings.fixFile], front)
    defer { withExtendedLifetime(readers) {} }
    json = try ReportFile(creating: settings.reporting.json)
    fixFile = try FixFile(creating: settings.fixFile)
    let recording = try RunRecording(creating: settings.record, observer: narrator)
    json?.empty()
    recording?.empty()
    live = LiveRun(settings.live, recording: recording, observer: narrator)
  }

  /// Runs the command, and ends the process that stands for it.
  func run(_ front: Front) throws(CommandError) -> CommandResult {
    do throws(LiveRunError) {
      if settings.triesFix { trial = FixTrial(settings, front: front) }
      let settings = settings.live
      let result = try live.traced { handler throws(LiveRunError) in
        try TracedCommand(settings, front: front, handler: handler)
      }
      switch result {
      case .abandoned: return CommandResult(status: ExitStatus.failure, kept: self)
      case .notExecuted(let error):
        StandardError.say(NotExecuted(command: settings.command, error: error).message)
        try live.end(.status(ExitStatus.notExecuted(error)))
      case .judged(var run):
        try tryFix(&run, front)
        try live.end(finish(run))
      }
      // The caller has the command's ending from the process that stands for it.
      return CommandResult(status: 0, kept: self)
    } catch {
      throw .live(error)
    }
  }

  /// Runs the command again with the edit of what was found, and adds how that went to the fix.
  private func tryFix(_ run: inout JudgedRun, _ front: Front) throws(LiveRunError) {
    guard let trial else { return }
    let ending = run.ending(by: settings)
    let result = try trial.run(
      after: .init(run: run, ending: ending, fixes: live.readyFixes, live: live))
    guard let last = trial.last else {
      if let result { StandardError.say(result.sentence(ending: nil)) }
      return
    }
    triedSentence = result?.sentence(ending: last.ending)
    guard !last.isCutShort else { return }
    let outcome = ProposedFix.Trial(
      verdict: last.run.report.verdict, termination: last.run.report.termination)
    if let fix = run.report.firstFix, let index = run.report.fixes.firstIndex(of: fix) {
      run.report.fixes[index].trial = outcome
    }
  }

  /// Reports the run, and returns how spawntrace ends.
  private func finish(_ run: JudgedRun) -> Termination {
    let ending = run.ending(by: settings)
    // The gravest finding's, as in a replay, but with its secrets: it is to be applied.
    let fix = run.report.findings.lazy.compactMap { [live] finding in
      live.readyFixes.first { $0.proposal.mends(finding) }
    }.first
    let isFixWritten = fixFile?.write(fix?.proposal, of: run.report) != false
    if let triedSentence { StandardError.say(triedSentence) }
    let isRecorded = live.recordEnd(ending, of: run)
    let isReported = json?.write(run.report) != false
    narrator.showEnd(of: run, ending: ending)
    guard case .status(let status) = ending else { return ending }
    if run.report.termination == nil, status == ExitStatus.failure {
      StandardError.say("lost track of the command: how it ended is not known")
    }
    return .status(
      isRecorded && isReported && isFixWritten || status != 0 ? status : ExitStatus.failure)
  }
}

extension RunRecording {
  /// Creates the recording's file; nil if no path is given.
  convenience init?(creating path: String?, observer: any RunObserver) throws(CommandError) {
    guard let path else { return nil }
    do throws(LiveRunError) {
      try self.init(path: path, observer: observer, describe: \.sentence)
    } catch {
      throw .live(error)
    }
  }
}

extension JudgedRun {
  /// How spawntrace itself ends: as the contract demands, otherwise as the command did.
  func ending(by settings: RunSettings) -> Termination {
    if passedDeadline != nil { return .status(ExitStatus.deadline) }
    if hasErrors { return .status(settings.findingStatus) }
    // The whole run has died of the signal that asked for its end, whichever process got it.
    if case .signal = report.termination, let signal = endingSignal {
      return .signal(signal)
    }
    return report.termination ?? .status(ExitStatus.failure)
  }
}
