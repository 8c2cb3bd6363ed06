internal import Analysis
package import Recording
internal import TraceModel

/// A run that `spawntrace run --record` has recorded.
package final class RecordedRun: ReplayedRun {
  private let stream: RecordingStream
  private let options: ReplayOptions
  private let observer: any RunObserver
  /// nil until the header was read.
  private var judge: RunJudge?

  package init(
    _ stream: RecordingStream, _ options: ReplayOptions = ReplayOptions(),
    observer: any RunObserver = SilentObserver()
  ) {
    self.stream = stream
    self.options = options
    self.observer = observer
  }

  package func judged() throws(ReplayError) -> ReplayedResult {
    try judged { _, _ in }
  }

  /// The same; calls `body` with each item and its line once the item was judged.
  package func judged(
    _ body: (RecordingItem, UnsafeRawBufferPointer) -> Void
  ) throws(ReplayError) -> ReplayedResult {
    let header = try stream.read { item, line in
      switch item {
      case .event(let event): judge?.observe(event)
      case .header(let header): judge = makeJudge(header)
      case .stop: judge?.stop()
      case .fix(let fix): judge?.add(fix)
      case .end, .part, .other: break
      }
      body(item, line)
    }
    var run = (judge ?? makeJudge(header)).conclusion(isEndKnown: stream.end != nil)
    run.ending = stream.end?.ending
    run.environment = header.environment
    run.report.lost = stream.lostEvents
    run.report.isTruncated = stream.end == nil
    return ReplayedResult(run, inputLimitations: stream.limitations)
  }

  /// Makes the judge that the recorded run had, unless the options say otherwise.
  private func makeJudge(_ header: RecordingHeader) -> RunJudge {
    var run = RunDescription(
      source: .recording(path: stream.path), command: header.command,
      workingDirectory: header.workingDirectory, monotonicStart: header.monotonicStart,
      limitations: header.limitations.map { .recorded($0) })
    run.checkout =
      header.checkout
      ?? Checkout.folder(of: header.environment.values, around: run.workingDirectory)
    run.began = header.began.isEmpty ? nil : header.began
    return RunJudge(
      run,
      RunAnalysis(
        limits: options.limits(header.options.limits),
        evidence: options.evidence ?? .init(rawValue: header.options.evidence) ?? .all,
        checkout: run.checkout),
      observer: observer)
  }
}
