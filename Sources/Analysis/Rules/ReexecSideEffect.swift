internal import TraceModel

/// ST201 `reexec-side-effect`: the unguarded main module did visible work again in a worker, with no cycle.
///
/// Work is a worker that it started with fork, which CPython doesn't refuse, or `programLimit` programs or
/// forks: a version that is asked for at import, or a process that is forked once, is what modules do.
/// Seen by the stack at the start of the process, which has the frame that runs the parent's main module
/// again (`StartAttempt.preparations`); where no stack was read, likely where it opens `popen_fork` after the
/// script, and forks then. Told when the worker is ready, or has ended: until then it may
/// become a cycle (ST101), of which this would be a part.
///
/// The culprit is the innermost module-level statement of the user's code that does the first of it.
struct ReexecSideEffect: Sendable {
  private(set) var findings: [Finding] = []
  private var pending: [Int: Work] = [:]
  private var known: [SourceLocation: Int] = [:]
  private static let programLimit = 3

  /// Those that have opened `popen_fork` while they were prepared, and whom they have made since: where
  /// no stack tells.
  private var unread: [Int: [Int]] = [:]

  private struct Work {
    var finding: Finding
    var workers = 0
    var programs = 0
  }

  /// Whether no worker is known that does anything of the kind.
  var isIdle: Bool { pending.isEmpty && unread.isEmpty }

  /// A process has begun; the stack of the event is its maker's.
  mutating func started(_ id: Int, _ event: Event, in forest: ProcessForest) {
    guard let maker = forest.parent(of: id) else { return }
    guard case .read(let stack) = event.stack else {
      unread[maker]?.append(id)
      return
    }
    guard forest.isBooting(maker) else { return }
    guard
      let preparation = stack.frames.firstIndex(where: {
        StartAttempt.preparations.contains($0.function) && $0.path.ends(with: "/spawn.py")
      }),
      // What a lock leads to is multiprocessing's own.
      !stack.frames.contains(where: { $0.path.ends(with: "_tracker.py") })
    else { return }
    let record = forest.record(maker)
    let frames = stack.frames.absolute(in: record.workingDirectory ?? "/")
    let own = frames[..<preparation].filter { CodeOrigin(path: $0.path) == .user }
    guard let culprit = own.first(where: \.isModule) else { return }
    var work: Work
    if let known = pending[maker] {
      work = known
    } else {
      var finding = Finding(
        rule: .reexecSideEffect, detail: .work(workers: 0, programs: 0), certainty: .proven,
        stack: frames, processes: [maker], provenAt: event.time, provenByEvent: event.sequence,
        fingerprint: Fingerprint(
          rule: .reexecSideEffect, startMethod: record.startMethod, frames: own,
          directory: forest.root?.workingDirectory ?? "/"
        ).description)
      finding.consequence = .contained
      finding.script = record.script
      finding.culprit = SourceLocation(culprit)
      finding.callSite = own.first.map { SourceLocation($0) }
      finding.startMethod = record.startMethod ?? (record.role == .forkserver ? .forkserver : nil)
      finding.python = stack.version
      work = Work(finding: finding)
    }
    if forest.record(id).site?.isOfWorker == true {
      work.workers += 1
    } else {
      work.programs += 1
    }
    pending[maker] = work
  }

  /// A process opens `popen_fork`, which forks workers.
  mutating func opened(_ id: Int, in forest: ProcessForest) {
    guard forest.isBooting(id), unread[id] == nil else { return }
    let record = forest.record(id)
    if record.isBooting, record.script?.evidence == .opened { unread[id] = [] }
  }

  /// A worker is ready, or has ended.
  mutating func prepared(
    _ id: Int, _ event: Event, in forest: ProcessForest
  ) -> Finding? {
    // Those that executed something since were no forked workers.
    let forked = (unread.removeValue(forKey: id) ?? []).filter {
      forest.role(of: $0) == .forkWorker
    }
    if pending[id] == nil, !forked.isEmpty { infer(id, forked.count, event, in: forest) }
    guard let work = pending.removeValue(forKey: id),
      work.workers > 0 || work.programs >= Self.programLimit, let culprit = work.finding.culprit
    else { return nil }
    if let index = known[culprit] {
      findings[index].add(id)
      return nil
    }
    var finding = work.finding
    finding.detail = .work(workers: work.workers, programs: work.programs)
    known[culprit] = findings.count
    findings.append(finding)
    return finding
  }

  private mutating func infer(_ id: Int, _ workers: Int, _ event: Event, in forest: ProcessForest) {
    let record = forest.record(id)
    guard let script = record.script else { return }
    var finding = Finding(
      rule: .reexecSideEffect, detail: .work(workers: workers, programs: 0), certainty: .likely,
      stack: [], processes: [id],
      provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .reexecSideEffect, startMethod: record.startMethod, frames: [],
        directory: forest.root?.workingDirectory ?? "/",
        salt: script.path.lastPathComponent.description
      ).description)
    finding.consequence = .contained
    finding.script = script
    finding.culprit = SourceLocation(
      path: script.path, line: nil, function: "<module>", source: nil)
    finding.startMethod = record.startMethod
    finding.python = record.python
    pending[id] = Work(finding: finding, workers: workers)
  }

  /// A cycle was proven in a worker: its work is a part of that.
  mutating func withdraw(_ id: Int) {
    pending[id] = nil
    unread[id] = nil
  }
}
