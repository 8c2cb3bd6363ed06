internal import Analysis
internal import Comparison
internal import LinuxProcess
internal import Reporting
internal import Runs
internal import SystemPackage

/// `spawntrace diff`: two runs that were recorded, judged and compared.
final class DiffSession {
  private let settings: DiffSettings
  private let json: ReportFile?
  /// Kept until this process exits.
  private var results: [ReplayedResult] = []

  /// Creates the result's file.
  init(_ settings: DiffSettings) throws(CommandError) {
    self.settings = settings
    try OutputFiles([("--json", settings.json)]).check(inputs: [settings.good, settings.bad])
    json = try ReportFile(creating: settings.json)
  }

  func run() throws(CommandError) -> CommandResult {
    let (good, bad) = (try read(settings.good), try read(settings.bad))
    results = [good, bad]
    let comparison = Comparison(good: ComparedRun(good), bad: ComparedRun(bad))
    let (one, other) = (good.run.report, bad.run.report)
    let style = TextStyle(
      color: settings.color.isColored(on: 1), unicode: ColorChoice.isUnicode,
      width: TerminalWidth.ofReport(on: 1))
    do throws(Errno) {
      try StandardOutput.write(
        ComparisonText(comparison, good: one, bad: other, style: style).text)
    } catch {
      throw .export(path: nil, .system(error))
    }
    if let json {
      json.empty()
      let text = JSONComparison.render(
        comparison, good: one, bad: other, paths: (settings.good, settings.bad))
      try json.write(text)
    }
    let status = comparison.differences.isEmpty ? 0 : ExitStatus.findingInRecording
    return CommandResult(status: status, kept: self)
  }

  private func read(_ path: String) throws(CommandError) -> ReplayedResult {
    var options = ReplayOptions()
    options.unpacking = settings.unpacking
    do throws(ReplayError) {
      return try Replay.open([path], options).judged()
    } catch {
      throw .replay(error)
    }
  }
}

extension ComparedRun {
  fileprivate init(_ result: ReplayedResult) {
    let run = result.run
    self.init(
      run.report, environment: run.environment, isStopped: run.isStopped,
      passedDeadline: run.passedDeadline)
  }
}
