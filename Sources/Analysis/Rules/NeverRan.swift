internal import Multiprocessing
internal import TraceModel

/// ST108 `never-ran`: a worker, or the forkserver, ended while it imported main, by an exit and not
/// by an exception: no task was ever run.
///
/// The proof is the end itself, in the boot window, with main opened and no traceback written, and
/// something that can have ended it: a stack, a message, a statement of the program. A
/// status other than 1 can only be an exit's. With status 1 an exception with a hidden traceback looks
/// the same: then a stack, or the message that the interpreter prints for `sys.exit("...")`,
/// is the proof, and without them the finding is likely.
///
/// The culprit is the statement of main that ends it: by the last stack in the boot window, or by the
/// program's text, if one statement alone can (`BootExits`). The call site is where the worker was
/// asked for. A Pool replaces its workers, and that is a loop (ST102). If no stack shows whether it
/// is a Pool's, the finding waits until the parent has ended. That of a worker's worker waits for the
/// run's end: it may be a part of a fork bomb (ST103), which something in the program limits.
struct NeverRan: Judge {
  static let changes: Change.Kinds = .ended

  private var known: [Group: Findings.Key] = [:]
  /// Findings about workers that may be a Pool's, by the parent.
  private var held: [Int: [Findings.Key]] = [:]
  private static let heldLimit = 64

  private struct Group: Hashable {
    var script: String?
    var culprit: SourceLocation?
    var isServer: Bool
  }

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    let id = change.process
    var result: [Finding] = []
    if let end = change.workerEnd, end.isExitAtImport(in: run.forest),
      !findings.isShown(.reexecCycle, by: id), !findings.isShown(.respawnLoop, by: id)
    {
      result += ended(end, event, in: run.forest, &findings)
    }
    for key in held.removeValue(forKey: id) ?? [] {
      if let finding = findings.release(key) { result.append(finding) }
    }
    return result
  }

  mutating func conclude(_ termination: Termination, _ findings: inout Findings) {
    findings.mask(.neverRan, by: termination)
  }

  private mutating func ended(
    _ end: WorkerEnd, _ event: Event, in forest: ProcessForest, _ findings: inout Findings
  ) -> [Finding] {
    let finding = finding(end, event, in: forest)
    let group = Group(
      script: finding.script?.path, culprit: end.culprit,
      isServer: forest[end.process].role == .forkserver)
    if let key = known[group], findings[key] != nil {
      findings.add(end.process, to: key)
      return []
    }
    let parent = forest[end.process].logicalParent
    let isNested = parent.map { forest.isWorker($0) } ?? false
    guard let parent, end.site == nil || isNested,
      held[isNested ? 1 : parent, default: []].count < Self.heldLimit
    else {
      known[group] = findings.add(finding)
      return [finding]
    }
    let key = findings.add(finding, isHeld: true)
    known[group] = key
    held[isNested ? 1 : parent, default: []].append(key)
    return []
  }

  private func finding(_ end: WorkerEnd, _ event: Event, in forest: ProcessForest) -> Finding {
    let record = forest[end.process]
    let parent = record.logicalParent.map { forest[$0] }
    return Finding(
      .neverRan, end.isProvenExit && end.site != nil ? .proven : .likely,
      .neverRan(end, isServer: record.role == .forkserver), at: event, in: forest,
      shownBy: [end.process], .contained,
      script: record.script ?? parent?.script, culprit: end.culprit, callSite: end.site?.callSite,
      startMethod: record.startMethod ?? (record.role == .forkserver ? .forkserver : nil),
      python: record.python ?? parent?.python, stack: end.exit?.stack ?? [],
      identity: .places(end.culprit ?? end.site?.callSite))
  }
}

extension WorkerEnd {
  /// Whether it ended by an exit while it imported main, and isn't a Pool's worker, which is replaced.
  fileprivate func isExitAtImport(in forest: ProcessForest) -> Bool {
    guard case .exit = reason, phase == .boot, let exit, !exit.isBlind else { return false }
    // The forkserver isn't replaced: the Pool's first start fails, and that is all.
    let isPools = site?.starter == .pool || site?.starter == .poolReplacement
    if isPools, forest[process].role != .forkserver { return false }
    // A worker without a standard input opens no other one: its end of the boot window isn't seen.
    guard
      culprit != nil || !exit.possible.isEmpty || exit.message != nil
        // loky ends its workers by an exit, whatever they died of.
        || forest.opensNullDevice(process) == true && forest[process].startMethod != .loky
    else { return false }
    // Its copy goes on, as daemons begin (daemon(7)).
    if forest.hasLiveCopy(of: process) { return false }
    // An exception may have ended it, with the traceback that was printed.
    if exit.hasTraceback, !isProvenExit { return false }
    // Only one that has opened main was seen to begin.
    guard let script = forest[process].script else { return false }
    return script.evidence == .opened
  }

  /// Whether the end can't be that of an exception with a hidden traceback.
  fileprivate var isProvenExit: Bool {
    if case .exit(1) = reason { return exit?.stack.isEmpty == false || exit?.message != nil }
    return true
  }
}
