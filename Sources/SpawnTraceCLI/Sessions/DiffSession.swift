internal import Analysis
internal import Comparison
internal import Reporting
internal import Runs
internal import SystemPackage

/// `spawntrace diff`: two runs that were recorded, judged and compared.
final class DiffSession {
  private let settings: DiffSettings
  /// Kept until this process exits.
  private var results: [ReplayedResult] = []

  init(_ settings: DiffSettings) {
    self.settings = settings
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
      throw .export(path: nil, error)
    }
    if let path = settings.json {
      let text = JSONComparison.render(
        comparison, good: one, bad: other, paths: (settings.good, settings.bad))
      do throws(Errno) {
        let file = try OutputFile(creating: path)
        try file.write(text)
        try file.close()
      } catch {
        throw .report(path: path, error)
      }
    }
    let status = comparison.differences.isEmpty ? 0 : ExitStatus.findingInRecording
    return CommandResult(status: status, kept: self)
  }

  private func read(_ path: String) throws(CommandError) -> ReplayedResult {
    do throws(ReplayError) {
      return try Replay.open([path]).judged()
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
