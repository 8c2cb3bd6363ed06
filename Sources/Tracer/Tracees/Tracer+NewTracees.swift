internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

// New threads and processes. The event of the parent that created one comes before its first stop,
// or after it, or never.
extension Tracer {
  /// Leaves a thread that hasn't been announced in its stop: its parent's event will say what it
  /// is.
  func hold(_ stop: consuming StoppedThread, _ status: WaitStatus) {
    let fields = StatusFields(of: stop.id)
    table.hold(
      stop.id,
      .init(
        process: fields?.process ?? knownProcess(of: stop.id), parent: fields?.parent,
        firstStop: status, adoptionDeadline: .now + Self.announcementPatience))
    // Its parent may be gone already, and then no event will come.
    adoptOrphans()
  }

  /// Returns the process of a thread without /proc.
  private func knownProcess(of thread: ThreadID) -> ProcessID {
    let own = ProcessID(firstThread: thread)
    if ProcessFolder(own).exists { return own }
    return table.processes.keys.first { ProcessFolder($0).hasThread(thread) } ?? own
  }

  /// A thread has created another thread, or a process.
  func forked(_ stop: consuming StoppedThread, _ thread: TracedThread, _ call: Start.Call) {
    if let child = stop.createdThread() { announce(child, by: stop, thread, call) }
    if thread.process.filterState == .due { beginFilter(by: stop, thread, isInCall: true) }
    resume(stop, thread)
  }

  private func announce(
    _ child: ThreadID, by stop: borrowing StoppedThread, _ creator: TracedThread,
    _ call: Start.Call
  ) {
    let parent = creator.process
    let childProcess = ProcessID(firstThread: child)
    // It was adopted before; or the adopted one has ended, and the kernel has given its id again.
    if table.removeAdopted(child) {
      guard table.processes[childProcess] == nil,
        let state = ThreadFolder(child, of: childProcess).state, !state.isOver
      else { return }
    }
    let early = table.removeUnannounced(child)
    // Each of the three events may announce a thread: clone(2) has the flags to mix them.
    let registers = call == .clone ? nil : stop.registers()
    let isThread =
      early.map { $0.process != childProcess } ?? registers?.systemCall.createsThread
      ?? ProcessFolder(parent.id).hasThread(child)
    if isThread {
      table.addThread(child, to: parent)
    } else {
      let time = now
      let start = Start(
        call: call, parent: parent.id,
        creator: creator.id == parent.id.firstThread ? nil : creator.id)
      var stack = read(
        stop, of: parent, at: registers, wantsNative: Interest.wantsNativeStack(atStart:))
      if stack.python != nil, let image = parent.image {
        stack.main = stacks.readMain(at: .started(start), by: creator.id, of: parent.id, image)
      }
      if case .read(let python) = stack.python, LaunchStage(python.frames) == .askingTracker {
        parent.image?.launchingThread = creator.id
      }
      parent.note(stack.python)
      addProcess(childProcess, start, from: parent, at: time, stack)
      if installer != nil, parent.filterState == .off, Interest.startsWorkers(stack.python) {
        parent.filterState = .due
        // A vfork's child has its parent's memory, and executes another program at once.
        if call != .vfork { table.processes[childProcess]?.filterState = .due }
      }
    }
    if let early {
      resumeHeld(child, early)
    } else if let end = table.removeEarlyEnd(of: child), !isThread,
      !ProcessFolder(childProcess).exists
    {
      // A new process of the same id would still be there: this one was seen to end.
      handle(child, end)
    }
  }

  private func addProcess(
    _ child: ProcessID, _ start: Start, from parent: TracedProcess?, at time: TraceTime? = nil,
    _ stack: CapturedStack = .none
  ) {
    let process = table.addProcess(
      child,
      image: parent?.image.map {
        ProcessImage(
          forkedFrom: $0, by: start.call,
          isServersOwn: stack.python?.frames.contains { $0.plays(.forks) } == true)
      }, parent: parent?.id)
    process.isForkedAsWorker = stack.python?.frames.contains { $0.plays(.forks) } == true
    if let creator = start.creator {
      process.creator = creator
      table.thread(creator)?.created.append(child)
    }
    process.mayBeOfPool =
      stack.python?.frames.contains(where: \.isOfPool) == true
      || parent?.image?.state.role == .forkserver && mayServePool(process)
    process.hasExitStops = parent?.hasExitStops == true
    process.exitStopsAreDue = true
    if let state = parent?.filterState, state == .on || state == .refused {
      process.filterState = state
    }
    if let parent { stacks.forked(child, from: parent.id) }
    if phase.isEnding { sendEndSignals(to: child) }
    emit(.started(start), by: child.firstThread, of: child, stack, at: time)
  }

  /// Serves a held thread's first stop, or its end if that came before it was announced.
  private func resumeHeld(_ thread: ThreadID, _ held: TraceeTable.Unannounced) {
    if let end = held.end {
      handle(thread, end)
    } else {
      // The first stop may be a group-stop, if the process is stopped while it creates threads.
      stopped(StoppedThread(id: thread), held.firstStop)
    }
  }

  /// Adopts tracees that won't be announced: the thread that created them was killed, or another
  /// thread has executed a program, between the child's creation and the event.
  ///
  /// The second case can't be seen, nor can a parent that has only inherited the child
  /// (PR_SET_CHILD_SUBREAPER), so time decides. An event that comes later is recognised. A thread
  /// in that position was killed, too, and only its end is still to come; if it isn't, it must not
  /// stand still.
  func adoptOrphans() {
    let now = Instant.now
    for (child, orphan) in table.unannounced where orphan.process.firstThread != child {
      guard orphan.adoptionDeadline <= now, let process = table.processes[orphan.process],
        table.adopt(child)
      else { continue }
      table.addThread(child, to: process)
      resumeHeld(child, orphan)
    }
    for (child, orphan) in table.unannounced where orphan.process.firstThread == child {
      let parent = orphan.parent.flatMap { table.processes[$0] }
      let isOrphan = parent == nil && ProcMount.current == .usable
      guard isOrphan || orphan.adoptionDeadline <= now, table.adopt(child) else { continue }
      addProcess(orphan.process, Start(call: .unseen, parent: parent?.id), from: parent)
      resumeHeld(child, orphan)
    }
  }
}
