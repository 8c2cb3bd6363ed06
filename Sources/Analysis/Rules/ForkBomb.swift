internal import Multiprocessing
internal import TraceModel

/// ST103 `fork-bomb`: spawn workers nest beyond the depth limit, and every level starts more; or
/// more processes live at once than the limit allows.
///
/// Workers of spawn or forkserver are nested if they run the same main script and each asks for the
/// next one after its boot window (before that, CPython refuses: ST101). One more level than
/// `maxNesting` is the proof: a recursion with an end looks the same, and has fewer. Forked workers
/// in between don't count and don't interrupt the chain.
///
/// Counted are live processes, not threads: a run of fifty thousand short processes isn't a bomb.
/// The finding names the process that makes the one too many.
struct ForkBomb: Judge {
  static let changes: Change.Kinds = [.began, .executed]

  private let limits: Limits
  /// The finding about nested workers.
  private var nested: Findings.Key?
  /// Whether too many processes were counted.
  private var hasCounted = false

  init(_ limits: Limits) {
    self.limits = limits
  }

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    var result: [Finding] = []
    let (id, forest) = (change.process, run.forest)
    if change.kinds.contains(.began), forest.liveCount > limits.maxProcesses, !hasCounted {
      hasCounted = true
      result.append(counted(id, event, in: forest))
      _ = findings.add(result[0])
    }
    let role = forest[id].role
    // A process is a spawn worker from its execve on.
    let isNew = role == .forkserverWorker || change.kinds.contains(.executed)
    guard isNew, role.isReexecutingWorker, let found = nesting(of: id, in: forest) else {
      return result
    }
    if let nested {
      findings.add(id, to: nested)
    } else {
      let finding = self.nested(id, found, event, in: forest)
      nested = findings.add(finding)
      // What ends some of its workers only limits the bomb.
      findings.withdrawAll {
        $0.rule == .neverRan && $0.script?.path == finding.script?.path
      }
      result.append(finding)
    }
    return result
  }

  /// How deep a worker is nested, and the script of the workers above it; nil if it isn't too deep.
  private func nesting(of id: Int, in forest: ProcessForest) -> (depth: Int, script: Script?)? {
    var depth = 1
    var child = id
    var next = forest[id].logicalParent
    var script: Script??
    while depth <= limits.maxNesting, let ancestor = next {
      let role = forest[ancestor].role
      guard role.isReexecutingWorker || role == .forkWorker else { break }
      next = forest[ancestor].logicalParent
      let isLauncher = forest.isLauncher(ancestor, of: child)
      child = ancestor
      if role == .forkWorker || isLauncher { continue }
      let other = forest[ancestor].script
      guard script == nil || script??.path == other?.path else { break }
      script = .some(other)
      depth += 1
    }
    guard depth > limits.maxNesting, forest[id].startMethod != .loky,
      let parent = forest[id].logicalParent
    else { return nil }
    return (depth, script ?? forest[parent].script)
  }

  private func nested(
    _ id: Int, _ nesting: (depth: Int, script: Script?), _ event: Event, in forest: ProcessForest
  ) -> Finding {
    let record = forest[id]
    return Finding(
      .forkBomb, .proven, .nesting(nesting.depth), at: event, in: forest, shownBy: [id],
      .respawning, script: nesting.script, culprit: record.site?.culprit,
      callSite: record.site?.callSite, startMethod: record.startMethod,
      python: record.python ?? record.logicalParent.flatMap { forest[$0].python },
      identity: .places(record.site?.culprit, record.site?.callSite))
  }

  private func counted(_ id: Int, _ event: Event, in forest: ProcessForest) -> Finding {
    let places = StackPlaces(event.stack, in: forest.directory(of: id))
    // The start that passes the limit is one of the starts that led there.
    return Finding(
      .forkBomb, .proven, .liveProcesses(forest.liveCount, limit: limits.maxProcesses), at: event,
      in: forest,
      shownBy: [forest[id].logicalParent ?? id], nil, script: nil, culprit: places.culprit,
      callSite: places.callSite, python: nil, stack: places.frames,
      nativeStack: event.nativeStack, identity: .frames(places.users))
  }
}
