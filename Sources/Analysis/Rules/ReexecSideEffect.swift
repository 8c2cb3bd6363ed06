internal import Multiprocessing
internal import TraceModel

/// ST201 `reexec-side-effect`: the unguarded main module did visible work again in a worker, with
/// no cycle.
///
/// Work is a worker that it started with fork, which CPython doesn't refuse, or `programLimit`
/// programs or forks. Fewer are usual at import: a module may run one program for its version, or
/// fork once. The stack at the start of the process shows it, with the frame that runs the parent's
/// main module again. If no stack was read, the finding is likely when the worker opens
/// `popen_fork` after the script and then forks. It is reported when the worker is ready, or has
/// ended: until then it may become part of a cycle (ST101).
///
/// The culprit is the innermost module-level statement of the user's code that does the first work.
struct ReexecSideEffect: Judge {
  static let changes: Change.Kinds = [.began, .openedForkStarter, .booted, .ended]

  /// The work of workers in their boot window.
  private var pending: [Int: Work] = [:]
  private var known: [SourceLocation: Findings.Key] = [:]
  /// Workers that have opened `popen_fork` in their boot window, with the processes that they have
  /// made since without a stack that was read.
  private var unread: [Int: [Int]] = [:]
  private static let programLimit = 3

  private struct Work {
    var finding: Finding
    var workers = 0
    var programs = 0
  }

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    if change.kinds.contains(.began) {
      // Most starts have no stack, because no rule wants one, and aren't a worker's.
      if event.stack != nil || !unread.isEmpty { began(change.process, event, in: run.forest) }
    } else if change.kinds.contains(.openedForkStarter) {
      opened(change.process, in: run.forest)
    } else if !pending.isEmpty || !unread.isEmpty {
      return prepared(change.process, event, in: run.forest, &findings).map { [$0] } ?? []
    }
    return []
  }

  /// Judges the beginning of a process; the stack of the event is its creator's.
  private mutating func began(_ id: Int, _ event: Event, in forest: ProcessForest) {
    guard let parent = forest[id].parent else { return }
    guard case .read(let stack) = event.stack else {
      unread[parent]?.append(id)
      return
    }
    guard forest[parent].isBooting,
      // A process that a lock starts is multiprocessing's own.
      !stack.frames.contains(where: \.isOfTracker)
    else { return }
    let frames = stack.frames.absolute(in: forest.directory(of: parent))
    let own: [PythonFrame]
    if let preparation = frames.firstIndex(where: { $0.plays(.preparesMain) }) {
      own = frames[..<preparation].users
    } else if case .read(let main) = event.mainStack,
      let preparation = main.frames.firstIndex(where: { $0.plays(.preparesMain) })
    {
      // Another thread starts it while the first one imports main.
      let run = main.frames[..<preparation].users
      own = frames.users + run.absolute(in: forest.directory(of: parent))
    } else {
      return
    }
    guard let culprit = own.first(where: \.isModule) else { return }
    var work =
      pending[parent]
      ?? Work(
        finding: Finding(
          .reexecSideEffect, .proven, .work(workers: 0, programs: 0), at: event, in: forest,
          shownBy: [parent], .contained, script: forest[parent].script,
          culprit: SourceLocation(culprit), callSite: own.first.map { SourceLocation($0) },
          startMethod: forest[parent].startMethod
            ?? (forest[parent].role == .forkserver ? .forkserver : nil),
          python: stack.version, stack: frames,
          identity: .places(SourceLocation(culprit))))
    if forest[id].site?.isOfWorker == true {
      work.workers += 1
    } else {
      work.programs += 1
    }
    pending[parent] = work
  }

  /// Notes that a process opens `popen_fork`, which forks workers.
  private mutating func opened(_ id: Int, in forest: ProcessForest) {
    if forest[id].isBooting, unread[id] == nil, forest[id].script?.evidence == .opened {
      unread[id] = []
    }
  }

  /// Judges a worker that is ready, or has ended.
  private mutating func prepared(
    _ id: Int, _ event: Event, in forest: ProcessForest, _ findings: inout Findings
  ) -> Finding? {
    // Processes that have executed something since weren't forked workers.
    let forked = (unread.removeValue(forKey: id) ?? []).filter { forest[$0].role == .forkWorker }
    var work = pending.removeValue(forKey: id)
    // Its work is a part of the cycle.
    if findings.isShown(.reexecCycle, by: id) { return nil }
    if work == nil, !forked.isEmpty { work = inferred(id, forked.count, event, in: forest) }
    guard let work, work.workers > 0 || work.programs >= Self.programLimit,
      let culprit = work.finding.culprit
    else { return nil }
    if let key = known[culprit] {
      findings.add(id, to: key)
      return nil
    }
    var finding = work.finding
    finding.detail = .work(workers: work.workers, programs: work.programs)
    known[culprit] = findings.add(finding)
    return finding
  }

  private func inferred(
    _ id: Int, _ workers: Int, _ event: Event, in forest: ProcessForest
  ) -> Work? {
    let record = forest[id]
    guard let script = record.script else { return nil }
    let finding = Finding(
      .reexecSideEffect, .likely, .work(workers: workers, programs: 0), at: event, in: forest,
      shownBy: [id], .contained, script: script, culprit: nil, callSite: nil,
      startMethod: record.startMethod, python: record.python,
      identity: .places(SourceLocation(somewhereIn: script)))
    return Work(finding: finding, workers: workers)
  }

  /// Returns the findings without this rule's about scripts that have a cycle, too.
  static func withoutPartsOfCycles(_ findings: [Finding]) -> [Finding] {
    let cyclic = Set(
      findings.filter { $0.rule == .reexecCycle }.compactMap { $0.script?.path })
    return findings.filter { finding in
      finding.rule != .reexecSideEffect || finding.script.map { !cyclic.contains($0.path) } ?? true
    }
  }
}
