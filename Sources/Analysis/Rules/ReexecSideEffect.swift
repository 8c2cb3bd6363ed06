internal import TraceModel

/// ST201 `reexec-side-effect`: the unguarded main module did visible work again in a worker, with no cycle.
///
/// Work is a worker that it started with fork, which CPython doesn't refuse, or `programLimit` programs or
/// forks: a version that is asked for at import, or a process that is forked once, is what modules do.
/// Seen by the stack at the start of the process, which has the frame that runs the parent's main module
/// again (`StartAttempt.preparations`). Told when the worker is ready, or has ended: until then it may
/// become a cycle (ST101), of which this would be a part.
///
/// The culprit is the innermost module-level statement of the user's code that does the first of it.
struct ReexecSideEffect: Sendable {
  private(set) var findings: [Finding] = []
  private var pending: [Int: Work] = [:]
  private var known: [SourceLocation: Int] = [:]
  private static let programLimit = 3

  private struct Work {
    var finding: Finding
    var workers = 0
    var programs = 0
  }

  /// A process has begun; the stack of the event is its maker's.
  mutating func started(_ id: Int, _ event: Event, in forest: ProcessForest) {
    guard let maker = forest.parent(of: id), case .read(let stack) = event.stack,
      forest.record(maker).isBooting
    else { return }
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
        rule: .reexecSideEffect, certainty: .proven, title: "", stack: frames,
        processes: [maker], provenAt: event.time, provenByEvent: event.sequence,
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

  /// A worker is ready, or has ended.
  mutating func prepared(_ id: Int, in forest: ProcessForest) -> Finding? {
    guard let work = pending.removeValue(forKey: id),
      work.workers > 0 || work.programs >= Self.programLimit, let culprit = work.finding.culprit
    else { return nil }
    if let index = known[culprit] {
      findings[index].add(id)
      return nil
    }
    var finding = work.finding
    let name = finding.script?.path.lastPathComponent ?? "the main script"
    let workers = work.workers == 1 ? "a process" : "\(work.workers) processes"
    let programs = work.programs == 1 ? "a program" : "\(work.programs) programs"
    let what = work.workers > 0 ? "forks \(workers)" : "runs \(programs)"
    finding.title = "\(name) \(what) again in each worker that imports it"
    finding.detail = .work(workers: work.workers, programs: work.programs)
    known[culprit] = findings.count
    findings.append(finding)
    return finding
  }

  /// A cycle was proven in a worker: its work is a part of that.
  mutating func withdraw(_ id: Int) {
    pending[id] = nil
  }
}
