internal import Analysis
internal import Multiprocessing
internal import TraceModel

extension FindingContext {
  /// The start method of the workers: whose default it is, or what has chosen it. nil if that isn't
  /// known.
  var startMethodNote: Diagnostic.Note? {
    guard isAboutWorkers, let method = finding.startMethod else { return nil }
    // A finding about what can't be sent to a worker is its parent's.
    let isOfParent = finding.rule == .unpicklableTarget
    let choice = StartMethodChoice(
      method: method, python: finding.python, site: isOfParent ? nil : witness?.site,
      starter: isOfParent ? witness : parent,
      places: [finding.callSite, finding.culprit].compactMap(\.self), report: report)
    return choice.sentence.map { .init(.startMethod, $0) }
  }

  private var isAboutWorkers: Bool {
    switch finding.detail {
    case .repeats, .deadlock, .liveProcesses: false
    default: true
    }
  }
}
