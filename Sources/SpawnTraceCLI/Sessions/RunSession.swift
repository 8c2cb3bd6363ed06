internal import Analysis
internal import Diagnostics
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

  /// Creates the files; nothing is started yet.
  init(_ settings: RunSettings) throws(CommandError) {
    self.settings = settings
    let narrator = Narrator(settings.reporting)
    self.narrator = narrator
    json = try ReportFile(creating: settings.reporting.json)
    var recording: RunRecording?
    if let path = settings.record {
      do throws(LiveRunError) {
        recording = try RunRecording(path: path, observer: narrator, describe: \.sentence)
      } catch {
        throw .live(error)
      }
    }
    live = LiveRun(settings.live, recording: recording, observer: narrator)
  }

  /// Runs the command, and ends the process that stands for it.
  func run(_ front: Front) throws(CommandError) -> CommandResult {
    do throws(LiveRunError) {
      let settings = settings.live
      let result = try live.traced { handler throws(LiveRunError) in
        try TracedCommand(settings, front: front, handler: handler)
      }
      switch result {
      case .abandoned: return CommandResult(status: ExitStatus.failure, kept: self)
      case .notExecuted(let error):
        StandardError.say(NotExecuted(command: settings.command, error: error).message)
        try live.end(.status(ExitStatus.notExecuted(error)))
      case .judged(let run): try live.end(finish(run))
      }
      // The caller has the command's ending from the process that stands for it.
      return CommandResult(status: 0, kept: self)
    } catch {
      throw .live(error)
    }
  }

  /// Reports the run, and returns how spawntrace ends.
  private func finish(_ run: JudgedRun) -> Termination {
    let ending = ending(of: run)
    let isRecorded = live.recordEnd(ending, of: run)
    let isReported = json?.write(run.report) != false
    narrator.showEnd(of: run, ending: ending)
    guard case .status(let status) = ending else { return ending }
    if run.report.termination == nil, status == ExitStatus.failure {
      StandardError.say("lost track of the command: how it ended is not known")
    }
    return .status(isRecorded && isReported || status != 0 ? status : ExitStatus.failure)
  }

  /// How spawntrace itself ends: as the contract demands, otherwise as the command did.
  private func ending(of run: JudgedRun) -> Termination {
    if run.passedDeadline != nil { return .status(ExitStatus.deadline) }
    if run.hasErrors { return .status(settings.findingStatus) }
    // The whole run has died of the signal that asked for its end, whichever process got it.
    if case .signal = run.report.termination, let signal = run.endingSignal {
      return .signal(signal)
    }
    return run.report.termination ?? .status(ExitStatus.failure)
  }
}
