internal import Analysis
internal import Multiprocessing
internal import TraceModel

extension FindingContext {
  /// The start method of the workers: whose default it is, or what has chosen it. nil if that isn't
  /// known.
  var startMethodNote: Diagnostic.Note? {
    guard isAboutWorkers, let method = finding.startMethod else { return nil }
    return StartMethodChoice(of: finding, started: method, in: report).sentence
      .map { .init(.startMethod, $0) }
  }

  private var isAboutWorkers: Bool {
    switch finding.detail {
    case .repeats, .selfStarts, .deadlock, .liveProcesses: false
    default: true
    }
  }
}
