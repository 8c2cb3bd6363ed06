internal import Multiprocessing
internal import TraceModel

/// ST202 `worker-crash`: a worker died of a signal or of an exception that the program let through.
///
/// A worker that its parent ended, or that ended with the run, isn't reported (`WorkerEnds`). The
/// culprit is the line of the user's code that the worker executed, by the traceback, or by its
/// stack when the signal came. For SIGKILL, which no stack precedes, it is the line that sent the
/// signal, if a process of the tree did; else the place where the worker was asked for. Deaths for
/// one cause are one finding.
///
/// The death of a Pool's worker at its start is held back until its parent has ended: the next one
/// will die of the same cause, and a loop (ST102) is reported instead. A death at a task is
/// held back until it is known what the parent does about the task: if it waits for it for ever,
/// the death is part of that finding (ST107). A Pool's worker that ends by an exit in the middle of
/// a task has crashed, too.
struct WorkerCrash: Judge {
  static let changes: Change.Kinds = [.ended, .awaited]

  private var known: [Group: Findings.Key] = [:]
  /// Findings that may be part of a loop, by the parent.
  private var held: [Int: [(key: Findings.Key, end: WorkerEnd)]] = [:]
  /// Findings that may be part of a lost task, by the job.
  private var lost: [LostJob: (key: Findings.Key, end: WorkerEnd)] = [:]
  /// The number of findings that are held back for one parent.
  private static let heldLimit = 64

  private struct Group: Hashable {
    var cause: WorkerEnd.Cause
    var parentScript: String?
  }

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    let id = change.process
    var result: [Finding] = []
    if case .awaited(let wait) = event.kind {
      return awaited(LostJob(owner: id, number: wait.job), wait, &findings)
    }
    let isExplained =
      findings.isShown(.reexecCycle, by: id) || findings.isShown(.respawnLoop, by: id)
    if let end = change.workerEnd, !isExplained {
      result += ended(end, event, in: run.forest, &findings)
    }
    var ownHeld = held.removeValue(forKey: id) ?? []
    for job in lost.keys.filter({ $0.owner == id }).sorted(by: { $0.number < $1.number }) {
      if let item = lost.removeValue(forKey: job), findings.isHeld(item.key) {
        ownHeld.append(item)
      }
    }
    for (key, end) in ownHeld {
      // A loop may have been found meanwhile.
      guard let finding = findings[key] else { continue }
      result += announce(finding, end, key, &findings)
    }
    return result
  }

  /// It is known what the parent does about a task that a worker had in its hands.
  private mutating func awaited(
    _ job: LostJob, _ wait: JobWait, _ findings: inout Findings
  ) -> [Finding] {
    guard let (key, end) = lost[job] else { return [] }
    if wait.state == .endless {
      lost[job] = nil
      // The same death may have been reported before; others of its cause stay.
      if let finding = findings[key], finding.occurrences == 1 { findings.withdraw(key) }
      return []
    }
    guard let finding = findings[key], findings.isHeld(key) else { return [] }
    return announce(finding, end, key, &findings)
  }

  mutating func conclude(_ termination: Termination, _ findings: inout Findings) {
    findings.mask(.workerCrash, by: termination)
  }

  /// Judges a worker that should not have ended.
  private mutating func ended(
    _ end: WorkerEnd, _ event: Event, in forest: ProcessForest, _ findings: inout Findings
  ) -> [Finding] {
    let job = LostJob(end, in: forest)
    // An exit is ST108's, unless it has lost a task; a name that wasn't found is ST203's.
    if case .exit = end.reason, job == nil { return [] }
    if end.isFailedLookup(in: forest) { return [] }
    // Its parent was entitled to end it.
    if end.isExcused { return [] }
    let finding = finding(end, event, in: forest)
    if let job {
      lost[job] = (findings.add(finding, isHeld: true), end)
      return []
    }
    if end.isReplacedForSure, let parent = forest[end.process].logicalParent {
      if held[parent, default: []].count < Self.heldLimit {
        held[parent, default: []].append((findings.add(finding, isHeld: true), end))
      }
      return []
    }
    return announce(finding, end, nil, &findings)
  }

  /// Reports a finding unless one for the same cause was reported.
  private mutating func announce(
    _ finding: Finding, _ end: WorkerEnd, _ key: Findings.Key?, _ findings: inout Findings
  ) -> [Finding] {
    let group = Group(cause: end.cause, parentScript: finding.script?.path)
    if let other = known[group], findings[other] != nil {
      if let key { findings.withdraw(key) }
      findings.add(end.process, to: other)
      return []
    }
    if let key {
      known[group] = key
      return findings.release(key).map { [$0] } ?? []
    }
    known[group] = findings.add(finding)
    return [finding]
  }

  private func finding(_ end: WorkerEnd, _ event: Event, in forest: ProcessForest) -> Finding {
    let record = forest[end.process]
    let parent = record.logicalParent.map { forest[$0] }
    return Finding(
      .workerCrash, end.isCertain ? .proven : .likely, .workerEnd(end), at: event, in: forest,
      shownBy: [end.process], .contained, script: record.script ?? parent?.script,
      culprit: end.culprit ?? end.site?.culprit, callSite: end.site?.callSite,
      startMethod: record.startMethod, python: record.python ?? parent?.python, stack: end.stack,
      nativeStack: end.nativeStack, identity: .frames(end.stack, circumstance: end.circumstance))
  }
}

extension WorkerEnd {
  /// Whether a Pool starts another worker that will die for the same cause: this one died in its
  /// boot window, or of its initializer (Lib/multiprocessing/pool.py, `worker`).
  fileprivate var isReplacedForSure: Bool {
    guard case .exception = reason else { return false }
    // A log has no stacks: any worker may be a Pool's.
    let isOfPool = site.map { $0.starter == .pool || $0.starter == .poolReplacement } ?? true
    return isOfPool
      && (phase == .boot
        || stack.contains(where: \.runsPoolInitializer))
  }
}
