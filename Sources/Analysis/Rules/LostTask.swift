internal import Multiprocessing
internal import TraceModel

/// ST107 `lost-task`: a worker of a `multiprocessing.Pool` died with a task in its hands, and the
/// parent waits without a timeout for that task's result, which no process will send.
///
/// A Pool replaces a worker that has ended, and never the task (Lib/multiprocessing/pool.py,
/// `_join_exited_workers`). The tracer reads the job's number from the worker's stack when it dies,
/// and finds the thread of the parent that waits for the same job: in `ApplyResult.get` or `wait`,
/// `IMapIterator.next`, or in `Pool.join`, which waits until no job is left. Then the finding is
/// proven.
///
/// A task that ends its worker by `sys.exit` leaves no stack with a number, nor does one that its
/// worker can't unpickle. Its job is found when a thread waits for it and all workers wait for tasks;
/// that the last worker of the Pool that ended had it is likely.
///
/// The culprit is the line of the user's code that waits. The note about the worker's end (ST202)
/// is part of the finding.
struct LostTask: Judge {
  static let changes: Change.Kinds = [.ended, .awaited]

  /// The deaths of workers that had a job, by the job.
  private var deaths: [LostJob: WorkerEnd] = [:]
  /// The last orderly end of a Pool's worker, by the owner of the Pool.
  private var ends: [Int: WorkerEnd] = [:]
  private var known: [SourceLocation?: Findings.Key] = [:]
  /// The most deaths that are kept.
  private static let limit = 4096

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    if let end = change.workerEnd, let job = LostJob(end, in: run.forest),
      deaths.count < Self.limit
    {
      deaths[job] = end
    }
    if case .exited(let termination) = event.kind {
      noteEnd(change.process, termination, change.workerEnd, in: run.forest)
    }
    guard case .awaited(let wait) = event.kind, wait.state == .endless,
      let end = deaths.removeValue(forKey: LostJob(owner: change.process, number: wait.job))
        ?? ends.removeValue(forKey: change.process)
    else { return [] }
    let places = StackPlaces(event.stack, in: run.forest.directory(of: change.process))
    if let key = known[places.callSite] {
      findings.add(end.process, to: key)
      return []
    }
    let finding = finding(end, change.process, places, event, in: run.forest)
    known[places.callSite] = findings.add(finding)
    // The worker that did not find its task's function has blocked the parent.
    findings.changeAll(of: .unpicklableTarget) { other in
      if other.processes.contains(end.process) { other.consequence = .blocked }
    }
    return [finding]
  }

  mutating func forget(_ process: Int) {
    if !deaths.isEmpty { deaths = deaths.filter { $0.key.owner != process } }
    if !ends.isEmpty { ends[process] = nil }
  }

  /// Notes the end of a Pool's worker that shows no job.
  private mutating func noteEnd(
    _ id: Int, _ termination: Termination, _ end: WorkerEnd?, in forest: ProcessForest
  ) {
    guard case .status(let status) = termination, end?.job == nil, let site = forest[id].site,
      site.starter == .pool || site.starter == .poolReplacement,
      let owner = forest[id].logicalParent
    else { return }
    ends[owner] = end ?? WorkerEnd(process: id, phase: .task, reason: .exit(status))
  }

  private func finding(
    _ end: WorkerEnd, _ owner: Int, _ places: StackPlaces, _ event: Event,
    in forest: ProcessForest
  ) -> Finding {
    let worker = forest[end.process]
    let parent = forest[owner]
    return Finding(
      .lostTask, end.job == nil ? .likely : .proven, .lostTask(end), at: event, in: forest,
      shownBy: [end.process], .blocked,
      script: parent.script ?? worker.script, culprit: places.callSite, callSite: places.callSite,
      startMethod: worker.startMethod, python: parent.python ?? worker.python,
      stack: places.frames, identity: .frames(places.users))
  }
}

/// A job of a Pool that a worker had in its hands when it died.
struct LostJob: Hashable, Sendable {
  /// The process whose Pool it is.
  var owner: Int
  /// Its number, which no other job of that process has.
  var number: Int

  init(owner: Int, number: Int) {
    self.owner = owner
    self.number = number
  }

  /// The job that a worker had; nil if it had none.
  init?(_ end: WorkerEnd, in forest: ProcessForest) {
    guard let number = end.job, let owner = forest[end.process].logicalParent else { return nil }
    self.init(owner: owner, number: number)
  }
}
