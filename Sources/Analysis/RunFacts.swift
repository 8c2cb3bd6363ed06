package import TraceModel

/// The facts about a run without any judgement: a fold over its events.
package struct RunFacts: Sendable {
  package private(set) var forest: ProcessForest
  /// The survey of all threads, if the run was ended from outside.
  package private(set) var survey: RunSurvey?
  private var ends = WorkerEnds()
  private var launches = LaunchAttempts()
  /// The number of events.
  package private(set) var events: UInt64 = 0
  /// How the command ended.
  package private(set) var rootTermination: Termination?

  /// - Parameter checkout: What fingerprints are relative to, if it is known.
  package init(checkout: String? = nil) {
    forest = ProcessForest(checkout: checkout)
  }

  /// Adds one event, and returns what it changed.
  mutating func apply(_ event: Event) -> Change {
    events += 1
    var change = forest.apply(event)
    change.workerEnd = ends.observe(event, change, in: forest)
    change.failedStarts = launches.observe(event, change, in: forest)
    if !change.failedStarts.isEmpty { change.kinds.insert(.startFailed) }
    if case .exited(let termination) = event.kind, change.process == 1, rootTermination == nil {
      rootTermination = termination
      if survey?.cause == .interrupt, !isInterrupted(event, by: termination) { survey = nil }
    }
    if change.kinds.contains(.surveyed) { RunSurvey.apply(event, in: forest, to: &survey) }
    return change
  }

  /// Whether the command has ended of a Ctrl-C: by its signal, or soon after it and not as if all
  /// were well (a test runner that stops, a shell, Python up to 3.7).
  private func isInterrupted(_ event: Event, by termination: Termination) -> Bool {
    guard let survey else { return false }
    switch termination {
    case .signal(let signal): return signal == 2
    case .status(0): return false
    case .status: return event.time.nanoseconds < survey.time.nanoseconds + 5_000_000_000
    }
  }

  /// Forgets what only the judging of a process's end needed, and processes that are too many.
  mutating func forget(_ process: Int, unless isNeeded: (Int) -> Bool) {
    forest.dropTracebacks(of: process)
    if forest.isFull { forest.forget(process, unless: isNeeded) }
  }
}
