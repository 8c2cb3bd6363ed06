internal import Multiprocessing
internal import TraceModel

/// ST102 `respawn-loop`: workers of one parent die in their boot window or their first task, for
/// one cause, and are replaced, up to the third generation.
///
/// A Pool starts a replacement for a worker that has ended, as the stack of that start shows
/// (`_maintain_pool`). If no stack was read, a replacement is likely when another thread than the
/// parent's first starts a worker after one has died, as a Pool does. A worker that died is paired
/// with the next replacement, which has the next generation. The same cause is the same exception,
/// signal or status at the same place in the same phase; a signal at an unknown place has no cause.
/// A worker of generation `maxGenerations` that dies for the cause of the one before it proves the
/// loop: nothing has changed twice.
///
/// The culprit is the statement that kills the worker; if nothing shows it, its script without a
/// line. The call site is the place where the parent made the Pool.
struct RespawnLoop: Judge {
  static let changes: Change.Kinds = [.began, .ended]

  private let limits: Limits
  private var parents: [Int: Parent] = [:]
  /// The death that each worker replaces, by the worker.
  private var replaced: [Int: Death] = [:]

  private struct Parent {
    /// The deaths without a replacement yet, oldest first.
    var deaths: [Death] = []
    /// The place where the first workers were asked for.
    var site: StartSite?
    /// The finding that its workers show, by cause.
    var findings: [WorkerEnd.Cause: Findings.Key] = [:]
  }

  private struct Death {
    var cause: WorkerEnd.Cause
    var generation: Int
    /// The workers that died for the cause, one for each generation.
    var processes: [Int]
    var isInferred: Bool
  }

  init(_ limits: Limits) {
    self.limits = limits
  }

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    let id = change.process
    if case .started(let start) = event.kind {
      began(id, start, in: run.forest)
      return []
    }
    // A death that a cycle explains doesn't count.
    guard let end = change.workerEnd, !end.isExcused, !findings.isShown(.reexecCycle, by: id) else {
      if !replaced.isEmpty { replaced[id] = nil }
      return []
    }
    return ended(end, event, in: run.forest, &findings).map { [$0] } ?? []
  }

  /// Forgets a parent that has ended: it replaces no worker, and its findings' processes may be
  /// many.
  mutating func forget(_ parent: Int) {
    if parents.isEmpty, replaced.isEmpty { return }
    parents[parent] = nil
    replaced[parent] = nil
  }

  /// Judges the beginning of a process.
  private mutating func began(_ id: Int, _ start: Start, in forest: ProcessForest) {
    let site = forest[id].site
    // Most processes aren't workers.
    guard site != nil || start.creator != nil, let parent = forest[id].logicalParent else {
      return
    }
    let isReplacement: Bool
    if let site {
      guard site.isOfWorker else { return }
      isReplacement = site.starter == .poolReplacement
      if !isReplacement { parents[parent, default: Parent()].site = site }
    } else {
      isReplacement = start.creator != nil
    }
    guard isReplacement, parents[parent]?.deaths.isEmpty == false,
      var death = parents[parent]?.deaths.removeFirst()
    else { return }
    death.isInferred = death.isInferred || site == nil
    replaced[id] = death
  }

  /// Judges a worker that should not have ended.
  private mutating func ended(
    _ end: WorkerEnd, _ event: Event, in forest: ProcessForest, _ findings: inout Findings
  ) -> Finding? {
    guard let parent = forest[end.process].logicalParent, end.isComparable else { return nil }
    let before = replaced.removeValue(forKey: end.process)
    var death = Death(cause: end.cause, generation: 1, processes: [], isInferred: false)
    if let before, before.cause == death.cause {
      death = before
      death.generation += 1
    }
    death.processes.append(end.process)
    if death.processes.count > limits.maxGenerations { death.processes.removeFirst() }
    // Deaths that are never replaced aren't kept for ever.
    if parents[parent, default: Parent()].deaths.count < 4096 {
      parents[parent, default: Parent()].deaths.append(death)
    }
    if let known = parents[parent]?.findings[end.cause] {
      findings.add(end.process, to: known)
      return nil
    }
    guard death.generation >= limits.maxGenerations else { return nil }
    let finding = finding(end, death, event, in: forest)
    parents[parent]?.findings[end.cause] = findings.add(finding)
    // The loop explains the deaths of its workers.
    findings.withdrawAll {
      [.workerCrash, .neverRan, .unpicklableTarget].contains($0.rule)
        && $0.detail.cause == end.cause
    }
    return finding
  }

  private func finding(
    _ end: WorkerEnd, _ death: Death, _ event: Event, in forest: ProcessForest
  ) -> Finding {
    let record = forest[end.process]
    let parent = record.logicalParent.map { forest[$0] }
    let script = record.script ?? parent?.script
    let site = parent.flatMap { parents[$0.id]?.site }
    let culprit = end.culprit ?? fallback(end, script, site)
    let isCertain = !death.isInferred && end.isCertain && !end.isVague
    return Finding(
      .respawnLoop, isCertain ? .proven : .likely, .respawn(end, isPool: !death.isInferred),
      at: event, in: forest, shownBy: death.processes, .respawning, script: script,
      culprit: culprit, callSite: (site ?? end.site)?.callSite,
      startMethod: record.startMethod, python: record.python ?? parent?.python, stack: end.stack,
      nativeStack: end.nativeStack,
      identity: .places(culprit, circumstance: end.circumstance))
  }

  private func fallback(
    _ end: WorkerEnd, _ script: Script?, _ site: StartSite?
  ) -> SourceLocation? {
    // A task that a worker can't even begin is its parent's fault.
    let unknown = script.map { SourceLocation(somewhereIn: $0) }
    if case .exit = end.reason, end.phase == .boot { return unknown }
    return site?.culprit ?? unknown
  }
}

extension WorkerEnd {
  /// Whether two such ends can have one cause: an out-of-memory killer isn't a cause in the
  /// program.
  fileprivate var isComparable: Bool {
    if case .signal = reason, phase == .task { return culprit != nil }
    return true
  }

  /// Whether only a status shows that two ends have one cause.
  fileprivate var isVague: Bool {
    if case .exit = reason, phase == .task { culprit == nil } else { false }
  }
}
