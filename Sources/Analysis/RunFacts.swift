package import TraceModel

/// What is known of a run without any judgement: a fold over its events.
package struct RunFacts: Sendable {
  package private(set) var forest = ProcessForest()
  /// What every thread did, if the run was ended from outside.
  package private(set) var survey: RunSurvey?
  private var ends = WorkerEnds()
  /// How many events there were.
  package private(set) var events: UInt64 = 0
  /// How the command ended.
  package private(set) var rootTermination: Termination?

  package init() {}

  /// Adds one event, and returns what it changed.
  mutating func apply(_ event: Event) -> Change {
    events += 1
    var change = forest.apply(event)
    change.workerEnd = ends.observe(event, change, in: forest)
    if case .exited(let termination) = event.kind, change.process == 1, rootTermination == nil {
      rootTermination = termination
    }
    if change.kinds.contains(.surveyed) { RunSurvey.apply(event, in: forest, to: &survey) }
    return change
  }

  /// A process's end was judged: forgets what only that needed, and processes that are too many.
  mutating func forget(_ process: Int, unless isNeeded: (Int) -> Bool) {
    forest.dropTracebacks(of: process)
    if forest.isFull { forest.forget(process, unless: isNeeded) }
  }
}
