internal import Glibc
internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

// Stops and ends of threads, as wait(2) reports them.
extension Tracer {
  func handle(_ thread: ThreadID, _ status: WaitStatus) {
    switch status {
    case .exited(let code): ended(thread, .status(code), status)
    case .killed(let signal): ended(thread, .signal(signal), status)
    default: stopped(StoppedThread(id: thread), status)
    }
  }

  /// Serves a stop, and resumes the thread.
  func stopped(_ stop: consuming StoppedThread, _ status: WaitStatus) {
    guard let thread = table.thread(stop.id) else {
      hold(stop, status)
      return
    }
    stuckThreads.served(thread.id)
    thread.isInGroupStop = false
    if thread.process.exitStopsAreDue, thread.id == thread.process.id.firstThread {
      thread.process.exitStopsAreDue = false
      updateExitStops(of: thread.process, at: stop)
    }
    if phase.survey != nil { examineForSurvey(stop, thread, status) }
    switch status {
    case .fork: forked(stop, thread, .fork)
    case .vfork: forked(stop, thread, .vfork)
    case .clone: forked(stop, thread, .clone)
    case .exec: executed(stop, thread)
    case .exiting: exiting(stop, thread)
    case .systemCall: filterStopped(stop, thread)
    case .callBoundary: continueFilter(by: stop, thread)
    case .signalDelivery(let signal): signalled(stop, thread, signal)
    case .groupStop(let signal):
      if thread.id == command.root.firstThread { commandStopped(by: signal) }
      thread.isInGroupStop = true
      _ = stop.stayStopped()
    case .trap where command.isStopped && thread.id == command.root.firstThread:
      commandContinued()
      resume(stop, thread)
    case .trap where thread.process.filterState == .due:
      noteStart(by: stop, thread)
      beginFilter(by: stop, thread, isInCall: false)
      resume(stop, thread)
    case .trap, .unknown, .exited, .killed: resume(stop, thread)
    }
  }

  /// Lets a thread run on; to the next boundary of a call if it makes calls for the tracer.
  func resume(
    _ stop: consuming StoppedThread, _ thread: TracedThread, delivering signal: Int32 = 0
  ) {
    if thread.installation != nil {
      _ = stop.resumeToCall(delivering: signal)
    } else {
      _ = stop.resume(delivering: signal)
    }
  }

  /// Reads the stacks of a thread in a stop. Rules need those of programs in Python, a survey those
  /// of all.
  ///
  /// - Parameter known: The thread's registers, if they were read in this stop.
  func read(
    _ stop: borrowing StoppedThread, of process: TracedProcess,
    at known: ThreadRegisters? = nil, isForced: Bool = false, wantsNative: (StackReading?) -> Bool
  ) -> CapturedStack {
    guard capture != .withoutStacks, phase.sendsEvents, let image = process.image,
      isForced || capture == .all || image.state.isPython || image.interpreter != nil,
      let registers = known ?? stop.registers()
    else { return .none }
    return stacks.read(
      stop.id, registers, of: process.id, image,
      wantsNative: { capture == .all || wantsNative($0) })
  }

  private func executed(_ stop: consuming StoppedThread, _ thread: TracedThread) {
    // The thread has its process's number now; all others of the process are gone, without a
    // report.
    let process = thread.process
    forget(table.keepOnlyFirstThread(of: process))
    thread.installation = nil
    if process.filterState == .installing { process.filterState = .due }
    var execution = Execution(ProcessFolder(process.id), stop)
    if let script = execution.script?.path {
      execution.addedVariables = addedVariables(of: process, executing: script)
    }
    if process.id == command.root { command.executed() }
    observer.note(execution)
    let image = ProcessImage(execution, after: process.image?.state ?? ProcessState())
    if installer != nil, phase.sendsEvents, process.filterState == .off,
      Interest.needsFilter(fromStart: image, execution, after: process.image)
        || image.state.isPython && !starterFiles.add(execution, of: process.id)
    {
      process.filterState = .due
    }
    if WorkerCommand(execution.arguments) != nil,
      let parent = process.parent.flatMap({ table.processes[$0] })
    {
      parent.image?.state.startedWorker()
      // The parent's stack hasn't shown that it starts workers: it does so by other means than
      // Python's, or its program isn't known to be Python.
      if parent.filterState == .off, installer != nil { parent.filterState = .due }
    }
    if ProcMount.current != .usable {
      image.auxiliaryVector = InitialStack(stop)?.vectors?.auxiliaryVector
    }
    process.image = image
    updateExitStops(of: process, at: stop)
    stacks.forget(process.id)
    lostJobs.forget(process.id)
    emit(
      .executed(execution), by: thread.id, of: process.id,
      CapturedStack(python: process.executionStack.take()))
    if process.filterState == .due { beginFilter(by: stop, thread, isInCall: true) }
    resume(stop, thread)
  }

  /// How far up a process is searched that executes the same script.
  private static let ancestorLimit = 4

  /// Returns the names of the variables that a process was given and a near ancestor wasn't that
  /// executes the same script, as a reloader does; empty if there is no such ancestor.
  private func addedVariables(of process: TracedProcess, executing script: String) -> [String] {
    var ancestor = process.parent.flatMap { table.processes[$0] }
    for _ in 1..<Self.ancestorLimit where ancestor?.image?.script != script {
      ancestor = ancestor?.parent.flatMap { table.processes[$0] }
    }
    guard let ancestor, ancestor.image?.script == script else { return [] }
    let given = ProcessFolder(ancestor.id).environment
    if given.isEmpty { return [] }
    let names = EnvironmentDigest.names(
      in: ProcessFolder(process.id).environment, missingIn: given)
    return Array(names.prefix(Execution.addedLimit))
  }

  private func signalled(
    _ stop: consuming StoppedThread, _ thread: TracedThread, _ signal: Int32
  ) {
    let process = thread.process
    if postpones(signal, at: stop, thread) { return resume(stop, thread) }
    let isRecorded = Interest.isRecorded(signal: signal)
    let kills =
      (isRecorded || signal == SIGALRM)
      && StatusFields(of: thread.id)?.isTerminated(by: signal) ?? isRecorded
    if isRecorded || kills {
      let time = now
      let sender = stop.signalSender()
      let isOurs = sender?.rawValue == getpid()
      if signal == SIGINT, sender == nil { interrupted(process.id) }
      emit(
        .signalled(SignalDelivery(signal: signal, sender: sender, isOurs: isOurs)),
        by: thread.id, of: process.id,
        kills && !isOurs ? read(stop, of: process, wantsNative: { _ in true }) : .none, at: time)
    }
    if stop.hasCallFailed(byIgnored: signal) {
      stop.restartUnlessHandled()
    } else if process.filterState == .on, mechanism == .notify, let call = stop.interruptedCall(),
      observer.wasWithheld(
        call, wasServed: thread.lastNotification == call, by: thread.id, of: process)
    {
      stop.restartCall()
    }
    if signal == SIGTERM, holds(thread, before: signal, from: stop.signalSender()) { return }
    resume(stop, thread, delivering: signal)
  }

  private func ended(_ id: ThreadID, _ termination: Termination, _ status: WaitStatus) {
    guard let thread = table.thread(id) else {
      // It was killed before its parent's event came; or it is no tracee, but an earlier child of
      // ours.
      table.noteEnd(of: id, status)
      adoptOrphans()
      return
    }
    let process = thread.process.id
    // A first thread is reported when all other threads of its process are gone (wait(2), __WALL).
    guard process.firstThread == id else {
      for child in thread.created where table.processes[child]?.creator == id {
        table.processes[child]?.creatorEnd = .now
      }
      table.removeThread(thread)
      forget([thread])
      return
    }
    noteOrderlyEnd(of: thread.process)
    forget(table.removeProcess(process))
    stacks.forget(process)
    lostJobs.forget(process)
    if process == command.root { commandEnded(termination) }
    emit(.exited(termination), by: id, of: process)
    adoptOrphans()
  }

  /// Threads have left the table: nothing waits for them any more.
  func forget(_ threads: [TracedThread]) {
    if !held.isEmpty { for thread in threads { held.forget(thread.id) } }
    guard let survey = phase.survey else { return }
    for thread in threads { _ = survey.remove(thread) }
  }
}
