internal import LinuxProcess
internal import TraceModel

// New threads and processes: whoever makes one tells of it, before its first stop or after it, or never.
extension Tracer {
  /// A thread that nobody has announced stays in its stop: its parent's event tells what it is.
  func hold(_ thread: consuming StoppedThread, _ status: WaitStatus) {
    let facts = StatusFile(process: thread.id)
    table.hold(
      thread.id,
      .init(
        process: facts?.threadGroup ?? thread.id, parent: facts?.parent ?? 0, firstStop: status,
        adoptionDeadline: monotonicNanoseconds() + Self.patience))
    // Whoever made it may be gone already, so that no event will come.
    adoptOrphans()
  }

  func forked(
    _ thread: consuming StoppedThread, _ parent: TraceeTable.Process, _ call: Start.Call
  ) {
    if let child = thread.eventMessage() {
      announced(child, thread, parent, call)
    }
    if parent.watch == .due { watch(parent, from: thread, isInCall: true) }
    goOn(thread)
  }

  func announced(
    _ child: Int32, _ maker: borrowing StoppedThread, _ parent: TraceeTable.Process,
    _ call: Start.Call
  ) {
    // It was taken in before; or the one that was has ended, and the kernel has given its id again.
    if table.takeAdopted(child) {
      let isNew =
        table.processes[child] == nil
        && ![nil, "Z", "X"].contains(ThreadStatus(process: child, thread: child).state)
      guard isNew else { return }
    }
    let early = table.takeUnannounced(child)
    // Any of the three events may tell of a thread: clone(2) has the flags to mix them.
    let registers = call == .clone ? nil : maker.registers()
    let isThread =
      early.map { $0.process != child } ?? registers?.systemCall.makesThread
      ?? ProcessFacts(process: parent.id).hasThread(child)
    if isThread {
      table.addThread(child, to: parent.id)
    } else {
      let time = now
      let stack = read(
        maker, of: parent, at: registers, wantsNative: Interest.wantsNativeStack(atStart:))
      begin(
        child,
        Start(
          call: call, parent: ProcessID(rawValue: parent.id),
          maker: maker.id == parent.id ? nil : ThreadID(rawValue: maker.id)),
        from: parent, at: time, by: stack)
      if installer != nil, parent.watch == .off, Interest.startsWorkers(stack.python) {
        parent.watch = .due
        // A vfork's child has its parent's memory, and executes another program at once.
        if call != .vfork { table.processes[child]?.watch = .due }
      }
    }
    if let early {
      resumeHeld(child, early)
    } else if let end = table.takeEnd(child), !isThread, !ProcessFacts(process: child).isThere {
      // Nobody has reaped a new one of the same id: this is the one whose end was seen.
      handle(child, end)
    }
  }

  func begin(
    _ child: Int32, _ start: Start, from parent: TraceeTable.Process?, at time: TraceTime? = nil,
    by maker: CapturedStack = .none
  ) {
    table.addProcess(child, image: parent?.image.map(ProcessImage.init(forkedFrom:)))
    table.processes[child]?.maker = parent?.id
    if let watch = parent?.watch, watch == .on || watch == .refused {
      table.processes[child]?.watch = watch
    }
    if let parent { stacks.forked(child, from: parent.id) }
    if ending != nil { ending?.end(child) }
    emit(child, child, .started(start), maker, at: time)
  }

  /// Lets a thread go on that was held at its first stop, or tells its end that came before its
  /// beginning was known.
  func resumeHeld(_ thread: Int32, _ held: TraceeTable.Unannounced) {
    if let end = held.end {
      handle(thread, end)
    } else {
      // The first stop may be one with the whole process, when it is stopped while it makes threads.
      stopped(StoppedThread(id: thread), held.firstStop)
    }
  }

  /// Takes in processes of which nobody will tell: their maker was killed, or its thread was when
  /// another executed a program, between making the child and telling of it.
  ///
  /// The second can't be seen, nor a parent that is only an heir (PR_SET_CHILD_SUBREAPER), so that
  /// time decides; where an event does come afterwards, it is known for what it is. A thread in that
  /// position was killed, too, and only its end is still to come; should it not be, it may not stand still.
  func adoptOrphans() {
    let now = monotonicNanoseconds()
    for (child, orphan) in table.unannounced where orphan.process != child {
      guard orphan.adoptionDeadline <= now, table.processes[orphan.process] != nil,
        table.adopt(child)
      else { continue }
      table.addThread(child, to: orphan.process)
      resumeHeld(child, orphan)
    }
    for (child, orphan) in table.unannounced where orphan.process == child {
      let parent = table.processes[orphan.parent]
      guard parent == nil || orphan.adoptionDeadline <= now, table.adopt(child) else { continue }
      begin(
        child, Start(call: .unseen, parent: parent.map { ProcessID(rawValue: $0.id) }), from: parent
      )
      resumeHeld(child, orphan)
    }
  }
}
