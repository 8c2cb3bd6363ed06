internal import Glibc
internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

// How workers end, and what becomes of the jobs that they had in their hands.
extension Tracer {
  /// Has the threads of workers stop at their exits, and those of other processes not.
  func updateExitStops(of process: TracedProcess, at stop: borrowing StoppedThread) {
    let isWanted = wantsExitStops(process)
    guard isWanted != process.hasExitStops else { return }
    process.hasExitStops = isWanted
    stop.setExitStop(isWanted)
  }

  private func wantsExitStops(_ process: TracedProcess) -> Bool {
    guard capture != .withoutStacks, phase.sendsEvents, let state = process.image?.state else {
      return false
    }
    return switch state.role {
    case .spawnWorker, .forkserverWorker: true
    case .forkWorker: process.isForkedAsWorker
    default: false
    }
  }

  /// A thread of a worker is about to end.
  ///
  /// A process that ends by itself has ended its interpreter before: only a thread that is killed,
  /// or calls `os._exit`, still has a stack.
  func exiting(_ stop: consuming StoppedThread, _ thread: TracedThread) {
    if phase.sendsEvents, !phase.isEnding { examineDying(stop, thread) }
    resume(stop, thread)
  }

  private func examineDying(_ stop: borrowing StoppedThread, _ thread: TracedThread) {
    let process = thread.process
    // Most workers have done their work. Only a Pool's can have lost a task nevertheless.
    guard let status = stop.exitStatus(), status != .exited(status: 0) || process.mayBeOfPool,
      let image = process.image, let registers = stop.registers(),
      // Other threads are ended with the process.
      thread.id == process.id.firstThread || registers.systemCall.isExitOfProcess
    else { return }
    let time = now
    let read = stacks.read(
      dying: stop.id, registers.systemCall.threadPointer, of: process.id, image,
      if: { !$0.endsWorker })
    guard var stack = read, Interest.isAtWork(stack) else { return }
    var dying = Dying(job: stacks.job(of: stack.workersOwn, image))
    stacks.addSource(to: &stack, of: process.id, image)
    if status == .killed(signal: SIGKILL) {
      dying.outOfMemoryKills = memoryLimits.kills(of: process.id)
      dying.isOrphan = hasJustLostCreator(process)
    }
    emit(
      .dying(dying), by: thread.id, of: process.id, CapturedStack(python: .read(stack)), at: time)
    if let job = dying.job {
      process.hasLostJob = true
      for owner in owners(of: process) { lostJobs.lost(job, by: owner, at: .now) }
    }
  }

  /// Whether the thread that created a process has just ended. Its end may be reported later than
  /// what the kernel did because of it.
  private func hasJustLostCreator(_ process: TracedProcess) -> Bool {
    guard let creator = process.creator, let parent = process.parent else { return false }
    if let end = process.creatorEnd { return Instant.now.since(end) < Self.orphanhood }
    return table.thread(creator) == nil
      || ThreadFolder(creator, of: parent).state?.isOver ?? true
  }

  private static let orphanhood = Duration.milliseconds(200)

  /// The processes that may have asked for a worker: its parent or, if that is a forkserver, the
  /// server's parent and its other children.
  private func owners(of worker: TracedProcess) -> [ProcessID] {
    guard let parent = worker.parent.flatMap({ table.processes[$0] }) else { return [] }
    guard parent.image?.state.role == .forkserver else { return [parent.id] }
    let siblings = table.processes.values.filter { $0.parent == parent.id && $0.id != worker.id }
    return [parent.parent].compactMap(\.self).filter { table.processes[$0] != nil }
      + siblings.map(\.id).sorted().prefix(Self.siblingLimit)
  }

  private static let siblingLimit = 16

  /// Whether a forkserver's worker may be a Pool's: a client of the server may have one. The stack of
  /// a client's connection is read only under the filter.
  func mayServePool(_ worker: TracedProcess) -> Bool {
    owners(of: worker).contains { owner in
      table.processes[owner].map { $0.mayHavePool || $0.filterState != .on } ?? true
    }
  }

  /// A process has ended, of which no thread was seen to die with a job.
  func noteOrderlyEnd(of process: TracedProcess) {
    guard process.hasExitStops, process.mayBeOfPool, !process.hasLostJob, phase.sendsEvents,
      !phase.isEnding
    else { return }
    for owner in owners(of: process) { lostJobs.ended(workerOf: owner, at: .now) }
  }

  /// Returns how long the workers that a process may have have used a processor, if all of them wait
  /// for a task, and one of them for the pipe that brings it: then no task is on its way.
  private func idleTimes(ofWorkers owner: TracedProcess) -> [Duration]? {
    let servers = table.processes.values.filter {
      $0.parent == owner.id && $0.image?.state.role == .forkserver
    }.map(\.id)
    let workers = table.processes.values.filter { worker in
      worker.mayBeOfPool && worker.hasExitStops
        && worker.parent.map { $0 == owner.id || servers.contains($0) } == true
    }
    guard workers.count <= Self.workerLimit else { return nil }
    var reads = false
    var times: [Duration] = []
    for worker in workers.sorted(by: { $0.id < $1.id }) {
      guard let image = worker.image, !image.state.isBooting else { return nil }
      let folder = ThreadFolder(worker.id.firstThread, of: worker.id)
      let call = folder.systemCall
      guard case .read(let stack) = stacks.read(worker.id.firstThread, nil, of: worker.id, image)
      else { return nil }
      guard stack.workersOwn.contains(where: { $0.plays(.servesPool) }) else {
        // A forkserver has other workers, too.
        if worker.parent == owner.id { return nil }
        continue
      }
      guard stacks.job(of: stack.frames, image) == nil, let call, folder.systemCall == call,
        call.isEndlessWait
      else { return nil }
      reads = reads || call.isRead
      times.append(folder.processorTime)
    }
    return reads ? times : nil
  }

  private static let workerLimit = 256

  /// Looks at the owners of lost jobs when it is time.
  func advanceLostJobs(to now: Instant) {
    for owner in lostJobs.due(at: now) {
      guard phase.sendsEvents, !phase.isEnding, let process = table.processes[owner],
        let image = process.image, image.state.isPython
      else {
        lostJobs.forget(owner)
        continue
      }
      let look = PoolLook(at: process, image, stacks)
      let news = lostJobs.add(look, at: owner, .now) { idleTimes(ofWorkers: process) }
      for news in news {
        emit(.awaited(news.wait), by: news.thread, of: owner, CapturedStack(python: news.stack))
      }
    }
  }
}
