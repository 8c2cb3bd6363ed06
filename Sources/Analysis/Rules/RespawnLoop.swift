internal import TraceModel

/// ST102 `respawn-loop`: workers of one parent die in their boot window or their first task, for one
/// cause, and are replaced, third generation.
///
/// A replacement is what a Pool starts for a worker that has ended, as the stack of that start shows
/// (`_maintain_pool`), or, where no stack was read, what another thread than the parent's first starts
/// after a worker has died: that is how a Pool does it, and it is likely then. A worker that died is
/// paired with the next replacement, whose generation is its own and one; the same cause is the same
/// exception, signal or status at the same place in the same phase; a signal of which nobody saw the place
/// is none. A worker of generation `limit` that
/// dies for the cause of the one before it proves the loop: nothing has changed twice.
///
/// The culprit is the statement that the worker dies of; where nothing tells it, its script without a
/// line; the call site is where the parent made the Pool.
struct RespawnLoop: Sendable {
  private(set) var findings: [Finding] = []
  private let limit: Int
  private var parents: [Int: Parent] = [:]
  /// The deaths that a worker replaces.
  private var replaced: [Int: Death] = [:]

  private struct Parent {
    /// Those that no replacement was seen for, oldest first.
    var deaths: [Death] = []
    /// Where the first workers were asked for.
    var site: StartSite?
    /// The finding that its workers show, by cause.
    var findings: [WorkerEnd.Cause: Int] = [:]
  }

  private struct Death {
    var cause: WorkerEnd.Cause
    var generation: Int
    /// Those that died for it, one a generation.
    var processes: [Int]
    var isInferred: Bool
  }

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether a worker's end belongs to a loop that was found.
  func explains(_ end: WorkerEnd, in forest: ProcessForest) -> Bool {
    forest.record(end.process).logicalParent.flatMap { parents[$0]?.findings[end.cause] } != nil
  }

  /// The findings' processes may be many; a parent that has ended replaces nobody.
  mutating func forget(_ parent: Int) {
    if parents.isEmpty, replaced.isEmpty { return }
    parents[parent] = nil
    replaced[parent] = nil
  }

  /// A process has begun.
  mutating func started(_ id: Int, _ start: Start, in forest: ProcessForest) {
    let site = forest.site(of: id)
    // Most processes are no workers.
    guard site != nil || start.maker != nil, let parent = forest.logicalParent(of: id) else {
      return
    }
    let isReplacement: Bool
    if let site {
      guard site.isOfWorker else { return }
      isReplacement = site.starter == .poolReplacement
      if !isReplacement { parents[parent, default: Parent()].site = site }
    } else {
      isReplacement = start.maker != nil
    }
    guard isReplacement, parents[parent]?.deaths.isEmpty == false,
      var death = parents[parent]?.deaths.removeFirst()
    else { return }
    death.isInferred = death.isInferred || site == nil
    replaced[id] = death
  }

  /// A worker has ended that was not to.
  mutating func ended(
    _ end: WorkerEnd, _ event: Event, in forest: ProcessForest
  ) -> Finding? {
    let record = forest.record(end.process)
    guard let parent = record.logicalParent, end.isComparable else { return nil }
    let before = replaced.removeValue(forKey: end.process)
    var death = Death(cause: end.cause, generation: 1, processes: [], isInferred: false)
    if let before, before.cause == death.cause { death = before }
    death.generation = (before?.cause == end.cause ? before?.generation ?? 0 : 0) + 1
    death.processes.append(end.process)
    if death.processes.count > limit { death.processes.removeFirst() }
    // What is never replaced isn't kept for ever.
    if parents[parent, default: Parent()].deaths.count < 4096 {
      parents[parent, default: Parent()].deaths.append(death)
    }
    if let known = parents[parent]?.findings[end.cause] {
      findings[known].add(end.process)
      return nil
    }
    guard death.generation >= limit else { return nil }
    let finding = finding(end, death, event, in: forest)
    parents[parent]?.findings[end.cause] = findings.count
    findings.append(finding)
    return finding
  }

  /// A replacement has ended as it should, or by its parent.
  mutating func ended(well id: Int) {
    if !replaced.isEmpty { replaced[id] = nil }
  }

  private func finding(
    _ end: WorkerEnd, _ death: Death, _ event: Event, in forest: ProcessForest
  ) -> Finding {
    let record = forest.record(end.process)
    let parent = record.logicalParent.map { forest.record($0) }
    let script = record.script ?? parent?.script
    var finding = Finding(
      rule: .respawnLoop, detail: .respawn(end, isPool: !death.isInferred),
      certainty: death.isInferred || !end.isCertain || end.isVague ? .likely : .proven,
      stack: end.stack, processes: death.processes, provenAt: event.time,
      provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .respawnLoop, startMethod: record.startMethod, frames: end.stack,
        directory: forest.root?.workingDirectory ?? "/", salt: end.fingerprintText
      ).description)
    let site = parent.flatMap { parents[$0.id]?.site }
    finding.consequence = .respawning
    finding.script = script
    finding.culprit = end.culprit ?? fallback(end, script, site)
    finding.callSite = (site ?? end.site)?.callSite
    finding.nativeStack = end.nativeStack
    finding.startMethod = record.startMethod
    finding.python = record.python ?? parent?.python
    return finding
  }

  private func fallback(
    _ end: WorkerEnd, _ script: Script?, _ site: StartSite?
  ) -> SourceLocation? {
    // What a worker can't even begin is its parent's matter.
    let unknown = script.map {
      SourceLocation(path: $0.path, line: nil, function: "<module>", source: nil)
    }
    if case .exit = end.reason, end.phase == .boot { return unknown }
    return site?.culprit ?? unknown
  }
}

extension WorkerEnd {
  /// Whether two such ends can be told to be of one cause: what an out-of-memory killer does is no cause of
  /// the program's.
  fileprivate var isComparable: Bool {
    if case .signal = reason, phase == .task { return culprit != nil }
    return true
  }

  /// Whether only a status says that two have one cause.
  fileprivate var isVague: Bool {
    if case .exit = reason, phase == .task { true } else { false }
  }
}
