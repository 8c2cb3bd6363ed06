package import Analysis
package import TraceModel

/// Gets what a run shows while it goes on: a command prints it, a test collects it.
package protocol RunObserver: AnyObject {
  /// Whether `observed` is called; it would be called for each event.
  var wantsEvents: Bool { get }

  /// An event is in the forest; what it proves comes next.
  func observed(_ event: Event, in forest: ProcessForest)

  /// An event proved something new. A live run has recorded the event already.
  ///
  /// - Parameter report: Makes the report of the run up to this event, with a copy of each process.
  func found(_ findings: [Finding], report: () -> RunReport)

  /// All threads of the tree were surveyed.
  func surveyed(report: () -> RunReport)

  /// Code that shows findings is to run once, without an effect, before the first real finding.
  func warmUp(with invented: [Finding], report: () -> RunReport)

  /// Something happened to spawntrace itself that the user should hear of at once.
  func noticed(_ notice: RunNotice)
}

/// By default nothing is done: the report at the end has it all.
extension RunObserver {
  package var wantsEvents: Bool { false }
  package func observed(_ event: Event, in forest: ProcessForest) {}
  package func found(_ findings: [Finding], report: () -> RunReport) {}
  package func surveyed(report: () -> RunReport) {}
  package func warmUp(with invented: [Finding], report: () -> RunReport) {}
  package func noticed(_ notice: RunNotice) {}
}

/// An observer that does nothing, for runs of which only the report is wanted.
package final class SilentObserver: RunObserver {
  package init() {}
}
