internal import Analysis
internal import Runs

/// `spawntrace replay`: a run that was recorded, judged and reported as if it happened now.
final class ReplaySession {
  private let settings: ReplaySettings
  private let narrator: Narrator
  private let json: ReportFile?
  private let fixFile: FixFile?
  /// Kept until this process exits.
  private var replayed: (any ReplayedRun)?
  private var result: ReplayedResult?

  /// Creates the report's file.
  init(_ settings: ReplaySettings) throws(CommandError) {
    self.settings = settings
    narrator = Narrator(settings.reporting)
    try OutputFiles([("--json", settings.reporting.json), ("--write-fix", settings.fixFile)])
      .check(inputs: settings.files)
    json = try ReportFile(creating: settings.reporting.json)
    fixFile = try FixFile(creating: settings.fixFile)
    json?.empty()
  }

  func run() throws(CommandError) -> CommandResult {
    let result: ReplayedResult
    do throws(ReplayError) {
      let replayed = try Replay.open(settings.files, settings.options, observer: narrator)
      self.replayed = replayed
      result = try replayed.judged()
    } catch {
      throw .replay(error)
    }
    self.result = result
    let isWritten = json?.write(result.run.report) != false
    let report = result.run.report
    let isFixWritten = fixFile?.write(report.firstFix, of: report) != false
    narrator.show(result.inputLimitations)
    narrator.showEnd(of: result.run, ending: result.run.ending)
    return CommandResult(
      status: isWritten && isFixWritten ? status(of: result) : ExitStatus.trouble, kept: self)
  }

  private func status(of result: ReplayedResult) -> Int32 {
    let hasError = result.run.report.findings.contains { $0.severity == .error }
    return hasError ? ExitStatus.findingInRecording : 0
  }
}
