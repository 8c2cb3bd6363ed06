internal import TraceModel

/// ST202 `worker-crash`: a worker died of a signal or of an exception that nobody caught.
///
/// Nothing is said of a worker that its parent ended, or that ended with the run (`WorkerEnds`). The
/// culprit is the line of the user's code that the worker was at, by the traceback, or by its stack when
/// the signal came; for SIGKILL, which no stack foretells, the line that sent it, where a process of the
/// tree did; else where the worker was asked for. Deaths for one cause are one finding.
///
/// What a Pool's worker dies of as it starts is held back until its parent has ended: the next one will die
/// of it, and a loop (ST102) is told in its place. What it dies of at a task is told at once: the Pool may
/// wait for that task for ever.
struct WorkerCrash: Sendable {
  private(set) var findings: [Finding] = []
  private var known: [Group: Int] = [:]
  /// Those that may be part of a loop, by the parent.
  private var held: [Int: [Held]] = [:]

  private struct Group: Hashable {
    var cause: WorkerEnd.Cause
    var parentScript: String?
  }

  private struct Held {
    var finding: Finding
    var end: WorkerEnd
  }

  /// What is held back for parents that still live: for the report of a run that was stopped.
  var heldFindings: [Finding] {
    held.sorted { $0.key < $1.key }.flatMap { $0.value.map(\.finding) }
  }

  private static let heldLimit = 64

  /// A worker has ended that was not to.
  mutating func ended(_ end: WorkerEnd, _ event: Event, in forest: ProcessForest) -> Finding? {
    if case .exit = end.reason { return nil }
    let record = forest.record(end.process)
    let finding = finding(end, record, event, in: forest)
    if end.isReplacedForSure, let parent = record.logicalParent {
      if held[parent, default: []].count < Self.heldLimit {
        held[parent, default: []].append(Held(finding: finding, end: end))
      }
      return nil
    }
    return add(finding, end, in: forest)
  }

  /// Whether something is held back that a parent's workers died of.
  func holds(for parent: Int) -> Bool {
    !held.isEmpty && held[parent] != nil
  }

  /// A parent has ended: what its workers died of is told, unless a loop tells it.
  mutating func parentEnded(
    _ parent: Int, in forest: ProcessForest, unless isExplained: (WorkerEnd) -> Bool
  ) -> [Finding] {
    (held.removeValue(forKey: parent) ?? []).compactMap { held in
      isExplained(held.end) ? nil : add(held.finding, held.end, in: forest)
    }
  }

  /// A loop was found: it says what its workers died of.
  mutating func withdraw(_ cause: WorkerEnd.Cause) {
    findings.removeAll { $0.detail.cause == cause }
    known = [:]
    for (index, finding) in findings.enumerated() {
      guard let cause = finding.detail.cause else { continue }
      known[Group(cause: cause, parentScript: finding.script?.path)] = index
    }
    for parent in held.keys { held[parent]?.removeAll { $0.end.cause == cause } }
  }

  /// The command has ended by itself: with 0, nobody knows.
  mutating func conclude(_ termination: Termination) {
    guard termination == .status(0) else { return }
    for index in findings.indices { findings[index].consequence = .masked }
    for parent in held.keys {
      for index in held[parent, default: []].indices {
        held[parent]?[index].finding.consequence = .masked
      }
    }
  }

  private mutating func add(
    _ finding: Finding, _ end: WorkerEnd, in forest: ProcessForest
  ) -> Finding? {
    let group = Group(cause: end.cause, parentScript: finding.script?.path)
    if let index = known[group] {
      findings[index].add(end.process)
      return nil
    }
    known[group] = findings.count
    findings.append(finding)
    return finding
  }

  private func finding(
    _ end: WorkerEnd, _ record: ProcessRecord, _ event: Event, in forest: ProcessForest
  ) -> Finding {
    let parent = record.logicalParent.map { forest.record($0) }
    var finding = Finding(
      rule: .workerCrash, detail: .workerEnd(end),
      certainty: end.isCertain ? .proven : .likely, stack: end.stack, processes: [end.process],
      provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .workerCrash, startMethod: record.startMethod, frames: end.stack,
        directory: forest.root?.workingDirectory ?? "/", salt: end.fingerprintText
      ).description)
    finding.consequence = .contained
    finding.script = record.script ?? parent?.script
    finding.culprit =
      end.culprit ?? end.site?.culprit
      ?? finding.script.map {
        SourceLocation(path: $0.path, line: nil, function: "<module>", source: nil)
      }
    finding.callSite = end.site?.callSite
    finding.nativeStack = end.nativeStack
    finding.startMethod = record.startMethod
    finding.python = record.python ?? parent?.python
    return finding
  }
}

extension WorkerEnd {
  /// Whether a Pool starts another worker that will die of the same: this one died while it was prepared, or
  /// of its initializer (Lib/multiprocessing/pool.py, `worker`).
  fileprivate var isReplacedForSure: Bool {
    guard case .exception = reason else { return false }
    // A log has no stacks: any may be a Pool's.
    let isOfPool = site.map { $0.starter == .pool || $0.starter == .poolReplacement } ?? true
    return isOfPool
      && (phase == .boot
        || stack.contains { frame in
          frame.function == "worker" && frame.path.ends(with: "/pool.py")
            && frame.source?.line.contains("initializer(") == true
        })
  }
}

extension Finding.Detail {
  fileprivate var cause: WorkerEnd.Cause? {
    if case .workerEnd(let end) = self { end.cause } else { nil }
  }
}

extension WorkerEnd {
  /// What is the same for the same death on other machines, beside the frames.
  var fingerprintText: String {
    cause.reason + (phase == .boot ? " at boot" : "")
  }
}
