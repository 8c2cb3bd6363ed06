internal import TraceModel

/// What a re-execution cycle (ST101) has done to a run that is over.
enum CycleConsequence {
  /// - Parameter generations: How many workers, each started after the one before it had ended, show
  ///   that the parent replaces them.
  static func seen(
    _ finding: Finding, in run: RunFacts, wasStopped: Bool, generations: Int
  ) -> Consequence {
    let isReplaced = self.generations(of: finding, in: run.forest) >= generations
    guard wasStopped else {
      if run.rootTermination == .status(0) { return .masked }
      return isReplaced ? .respawning : .contained
    }
    if isReplaced { return .respawning }
    return run.survey?.isMoving == false ? .blocked : .stopped
  }

  /// The length of the longest row of workers of one parent that show a finding, in which each was
  /// started after the one before it had ended.
  private static func generations(of finding: Finding, in forest: ProcessForest) -> Int {
    var rows: [Int: (count: Int, end: TraceTime?)] = [:]
    let workers = finding.processes.map { forest[$0] }.sorted { $0.startedAt < $1.startedAt }
    for worker in workers {
      guard let parent = worker.logicalParent else { continue }
      guard let row = rows[parent] else {
        rows[parent] = (1, worker.endedAt)
        continue
      }
      if let end = row.end, end <= worker.startedAt {
        rows[parent] = (row.count + 1, worker.endedAt)
      }
    }
    return rows.values.map(\.count).max() ?? 0
  }
}
