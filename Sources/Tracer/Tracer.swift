internal import Glibc
package import LinuxProcess
internal import PythonStack
package import SystemPackage
package import TraceModel

/// The one loop: it waits, turns each stop into an event, tells the handler, lets the thread run on.
///
/// It belongs to the OS thread that makes it: the kernel ties tracees to that (ptrace(2)). It records
/// and judges nothing.
package final class Tracer {
  /// What became of the traced command.
  package struct Outcome: Sendable {
    /// nil where it could not be executed.
    package var termination: Termination?
    /// Why it could not be executed.
    package var executionError: Errno?
    package var events: UInt64
    package var duration: TraceTime
    /// What the command has left running, where that isn't waited for.
    package var survivors: [ProcessID]
    /// Whether the front was killed, and the tree with it.
    package var isAbandoned: Bool
  }

  private let handler: any TraceHandler
  private let front: Front
  private let signals: StopSignal
  private let program: LaunchedProgram
  private let listener: NotificationListener
  private let root: Int32
  private let began: UInt64
  private var table = TraceeTable()
  private var observer: CallObserver
  private let stacks = StackObserver()
  private let capture: Capture
  /// What the tracer was asked by a thread's last notification.
  private var lastServed: [Int32: SystemCall] = [:]
  private var sequence: UInt64 = 0
  private var hasExecuted = false
  private var rootTermination: Termination?
  private var executionError: Errno?
  private var ending: TreeEnd?
  private var deadline: Deadline?
  private var survey: Survey?
  /// Whether there has been one: a second would find threads that the first has disturbed.
  private var hasSurveyed = false
  /// When to ask what becomes of those that the command has left running.
  private var graceEnd: UInt64?
  /// How long what helps the command may take to end after it: a resource tracker, workers whose pipes
  /// are closed.
  private static let grace: UInt64 = 1_000_000_000
  /// Whether the run is over for everybody but those that live on.
  private var isLeaving = false
  /// Whether the front was killed.
  private var isAbandoned = false
  /// Whether a signal of job control has stopped the command.
  private var isRootStopped = false
  /// When the command is to be sent a SIGCONT that the front got, unless it has got it itself.
  private var continuation: UInt64?
  /// How long a child's first stop lasts when its maker doesn't tell of it: that comes microseconds
  /// later, or never.
  private static let patience: UInt64 = 20_000_000

  /// Launches `command` and makes ready to trace it; after `timeout` nanoseconds all threads are
  /// surveyed.
  package init(
    _ command: [String], mechanism: Mechanism = .notify, capture: Capture = .needed,
    timeout: UInt64? = nil, front: Front, handler: any TraceHandler
  ) throws(LaunchError) {
    self.handler = handler
    self.front = front
    self.capture = capture
    let signals = try Self.openSignals()
    began = monotonicNanoseconds()
    var program = try Launcher.launch(
      command, patterns: Interest.patterns, mechanism: mechanism, inheriting: signals.inherited)
    root = program.process
    listener = program.takeListener()
    self.program = program
    self.signals = signals
    front.keep(listener)
    releaseStandardDescriptors()
    observer = CallObserver(capture, stacks: stacks)
    table.addProcess(root, image: nil)
    deadline = timeout.map { Deadline(after: $0, from: began) }
  }

  private static func openSignals() throws(LaunchError) -> StopSignal {
    do {
      return try StopSignal()
    } catch {
      throw .system(error)
    }
  }

  /// When the run began, by the monotonic clock.
  package var monotonicStart: UInt64 {
    began
  }

  /// How system calls come to be seen.
  package var mechanism: Mechanism {
    program.mechanism
  }

  /// Why no better way was to be had.
  package var refusals: [LaunchedProgram.Refusal] {
    program.refusals
  }

  /// Traces until the last process of the tree is gone, or until the handler has enough of those that
  /// the command has left running.
  package func run() throws(SystemCallError) -> Outcome {
    emit(root, root, .started(Start(call: .launch, parent: nil)))
    while try !isDone(), !isLeaving || isAbandoned { try serve() }
    return Outcome(
      termination: executionError == nil ? rootTermination : nil, executionError: executionError,
      events: sequence, duration: now,
      survivors: table.processes.keys.sorted().map { ProcessID(rawValue: $0) },
      isAbandoned: isAbandoned)
  }

  /// Serves those that the command has left running until the last of them is gone: they are under a
  /// filter that needs a tracer. Nothing is looked at any more, and nobody is told.
  package func serveSurvivors() throws(SystemCallError) {
    while try !isDone() { try serve() }
  }

  /// One round of the loop: waits, and serves what has come.
  private func serve() throws(SystemCallError) {
    let ready = try waitUntilReady()
    if ready.front { hearFront() }
    if ready.stops { try serveStops() }
    if ready.notifications { serveNotification() }
    if ending != nil { ending?.tick(table.processes.keys) }
    if !table.unannounced.isEmpty { adoptOrphans() }
    askForSurvivors()
    continueCommand()
    watchTime()
  }

  private var now: TraceTime {
    TraceTime(nanoseconds: monotonicNanoseconds() - began)
  }

  // MARK: Waiting

  /// The tree is gone when nobody is known and nobody unknown can come: a parent that was killed in
  /// the middle of a fork leaves a child that will only be seen at its first stop.
  private func isDone() throws(SystemCallError) -> Bool {
    guard table.isEmpty else { return false }
    switch try nextWaitResult() {
    case .noTracees: return true
    case .nothing: return false
    case .stopped(let thread, let status):
      handle(thread, status)
      return false
    }
  }

  /// Waits for tracees that have stopped, notifications and the front in one poll(2).
  private func waitUntilReady() throws(SystemCallError) -> (
    stops: Bool, notifications: Bool, front: Bool
  ) {
    // Rounded up, so that a deadline is over when poll returns for it.
    let timeout = shortestWait.map { Int32(clamping: $0 / 1_000_000 + 1) } ?? -1
    var entries = (
      pollfd(fd: signals.rawDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: listener.rawDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isLeaving ? -1 : front.rawDescriptor, events: Int16(POLLIN), revents: 0)
    )
    let count = withUnsafeMutableBytes(of: &entries) { bytes in
      bytes.withMemoryRebound(to: pollfd.self) { poll($0.baseAddress, 3, timeout) }
    }
    if count < 0 {
      if errno == EINTR { return (false, false, false) }
      throw SystemCallError("poll", Errno(rawValue: errno))
    }
    return (
      entries.0.revents & Int16(POLLIN) != 0, entries.1.revents & Int16(POLLIN) != 0,
      entries.2.revents != 0
    )
  }

  /// How many nanoseconds there are until something is to be done without anybody asking.
  private var shortestWait: UInt64? {
    var shortest: UInt64?
    func consider(_ wait: UInt64?) {
      if let wait { shortest = min(wait, shortest ?? .max) }
    }
    consider(ending?.wait)
    consider(deadline?.wait)
    consider(survey?.wait)
    let times = (graceEnd, continuation, table.adoptionDeadline)
    if times == (nil, nil, nil) { return shortest }
    let now = monotonicNanoseconds()
    func consider(until time: UInt64?) {
      consider(time.map { $0 > now ? $0 - now : 0 })
    }
    consider(until: times.0)
    consider(until: times.1)
    consider(until: times.2)
    return shortest
  }

  private func serveStops() throws(SystemCallError) {
    signals.take()
    // One SIGCHLD may stand for many stops.
    while true {
      guard case .stopped(let thread, let status) = try nextWaitResult() else { return }
      handle(thread, status)
    }
  }

  // MARK: The front

  private func hearFront() {
    while let message = front.next() {
      switch message {
      case .signal(let arrival): answer(arrival)
      case .gone:
        // Nobody would know what becomes of the tree.
        isLeaving = true
        isAbandoned = true
        if ending == nil { ending = TreeEnd(of: []) }
        ending?.hurry()
        return
      }
    }
  }

  private func answer(_ arrival: Front.Arrival) {
    // By which the front was told that the command goes on.
    if arrival.signal == SIGCONT, arrival.sender == getpid() { return }
    let rootIsAlive = table.processes[root] != nil
    let sender = arrival.sender.map { ProcessID(rawValue: $0) }
    switch handler.interrupted(by: arrival.signal, sender: sender, rootIsAlive: rootIsAlive) {
    case .ignore: break
    case .passOn:
      // One that was sent to the whole group is on its way to the command, too.
      if arrival.signal == SIGCONT {
        continuation = monotonicNanoseconds() + Self.patience
      } else if rootIsAlive {
        arrival.send(to: root)
      }
    case .survey where !hasSurveyed && ending == nil:
      beginSurvey(.signal(arrival.signal), isMoving: false)
    case .survey, .endTree:
      // Who asks twice doesn't want to wait.
      ending?.hurry()
      endTree()
    }
  }

  // MARK: Surveys

  private func watchTime() {
    if let isMoving = deadline?.tick(table.processes.keys) {
      let duration = deadline?.duration ?? 0
      deadline = nil
      beginSurvey(.deadline(duration), isMoving: isMoving)
    }
    guard let survey else { return }
    for candidate in survey.takeOverdue() {
      // It waits in the kernel: nothing of its stack changes.
      emit(
        candidate.process, candidate.thread, .surveyed(survey.activityWithoutStop(candidate)),
        CapturedStack(python: stackWithoutStop(candidate)))
    }
    endSurveyIfDone()
  }

  private func beginSurvey(_ cause: SurveyCause, isMoving: Bool) {
    guard !hasSurveyed, ending == nil else { return }
    hasSurveyed = true
    emit(root, root, .surveyBegan(cause))
    survey = Survey(of: Array(table.processes.keys), isMoving: isMoving)
    endSurveyIfDone()
  }

  /// Reads a thread that a survey waits for, in whatever stop it is.
  private func lookAround(_ thread: borrowing StoppedThread, _ status: WaitStatus) {
    guard let survey, let candidate = survey.take(thread.id) else { return }
    var isGroupStopped = false
    if case .groupStop = status { isGroupStopped = true }
    let activity = survey.activity(
      candidate, thread.registers()?.systemCall, isGroupStopped: isGroupStopped)
    var stack = CapturedStack.none
    if let process = table.processes[candidate.process] {
      stack = read(thread, of: process, isForced: true, wantsNative: { _ in true })
    }
    emit(candidate.process, thread.id, .surveyed(activity), stack)
  }

  private func stackWithoutStop(_ candidate: Survey.Candidate) -> StackReading? {
    guard capture != .withoutStacks, let image = table.processes[candidate.process]?.image else {
      return nil
    }
    return stacks.read(candidate.thread, nil, of: candidate.process, image)
  }

  private func endSurveyIfDone() {
    guard let survey, survey.pending.isEmpty else { return }
    self.survey = nil
    emit(root, root, .surveyEnded(isMoving: survey.isMoving))
  }

  // MARK: Stops

  private func handle(_ thread: Int32, _ status: WaitStatus) {
    switch status {
    case .exited(let status): ended(thread, .status(status), status: .exited(status: status))
    case .killed(let signal): ended(thread, .signal(signal), status: .killed(signal: signal))
    default: stopped(StoppedThread(id: thread), status)
    }
  }

  private func stopped(_ thread: consuming StoppedThread, _ status: WaitStatus) {
    guard let process = table.process(ofThread: thread.id) else {
      hold(thread, status)
      return
    }
    if survey != nil { lookAround(thread, status) }
    switch status {
    case .fork: forked(thread, process, .fork)
    case .vfork: forked(thread, process, .vfork)
    case .clone: forked(thread, process, .clone)
    case .exec: executed(thread, process)
    case .systemCall:
      if let call = thread.systemCall() { look(at: call, by: thread.id, of: process) }
      _ = thread.resume()
    case .signalDelivery(let signal): signalled(thread, process, signal)
    case .groupStop(let signal):
      if thread.id == root, !isLeaving {
        isRootStopped = true
        front.stop(by: signal)
      }
      _ = thread.stayStopped()
    case .trap where thread.id == root && isRootStopped:
      isRootStopped = false
      if !isLeaving { front.goOn() }
      _ = thread.resume()
    case .trap, .unknown, .exited, .killed: _ = thread.resume()
    }
  }

  /// A thread that nobody has announced stays in its stop: its parent's event tells what it is.
  private func hold(_ thread: consuming StoppedThread, _ status: WaitStatus) {
    let facts = StatusFile(process: thread.id)
    table.hold(
      thread.id,
      .init(
        process: facts?.threadGroup ?? thread.id, parent: facts?.parent ?? 0, firstStop: status,
        adoptionDeadline: monotonicNanoseconds() + Self.patience))
    // Whoever made it may be gone already, so that no event will come.
    adoptOrphans()
  }

  private func forked(
    _ thread: consuming StoppedThread, _ parent: TraceeTable.Process, _ call: Start.Call
  ) {
    if let child = thread.eventMessage() {
      announced(child, thread, parent, call)
    }
    _ = thread.resume()
  }

  private func announced(
    _ child: Int32, _ maker: borrowing StoppedThread, _ parent: TraceeTable.Process,
    _ call: Start.Call
  ) {
    if table.takeAdopted(child) { return }
    let early = table.takeUnannounced(child)
    // Any of the three events may tell of a thread: clone(2) has the flags to mix them.
    let isThread =
      early.map { $0.process != child } ?? ProcessFacts(process: parent.id).hasThread(child)
    if isThread {
      table.addThread(child, to: parent.id)
    } else {
      let time = now
      begin(
        child,
        Start(
          call: call, parent: ProcessID(rawValue: parent.id),
          maker: maker.id == parent.id ? nil : ThreadID(rawValue: maker.id)),
        from: parent, at: time,
        by: read(maker, of: parent, wantsNative: Interest.wantsNativeStack(atStart:)))
    }
    if let early {
      resumeHeld(child, early)
    } else if let end = table.takeEnd(child), !isThread, !ProcessFacts(process: child).isThere {
      // Nobody has reaped a new one of the same id: this is the one whose end was seen.
      handle(child, end)
    }
  }

  private func begin(
    _ child: Int32, _ start: Start, from parent: TraceeTable.Process?, at time: TraceTime? = nil,
    by maker: CapturedStack = .none
  ) {
    table.addProcess(child, image: parent?.image.map(ProcessImage.init(forkedFrom:)))
    if let parent { stacks.forked(child, from: parent.id) }
    if ending != nil { ending?.end(child) }
    emit(child, child, .started(start), maker, at: time)
  }

  /// Reads the stacks of a thread in a stop, where its process is worth it: rules ask for programs in
  /// Python, a survey for all.
  private func read(
    _ thread: borrowing StoppedThread, of process: TraceeTable.Process, isForced: Bool = false,
    wantsNative: (StackReading?) -> Bool
  ) -> CapturedStack {
    guard capture != .withoutStacks, !isLeaving, let image = process.image,
      isForced || capture == .all || image.isPython || image.interpreter != nil,
      let registers = thread.registers()
    else { return .none }
    return stacks.read(
      thread.id, registers, of: process.id, image,
      wantsNative: { capture == .all || wantsNative($0) })
  }

  /// Lets a thread go on that was held at its first stop, or tells its end that came before its
  /// beginning was known.
  private func resumeHeld(_ thread: Int32, _ held: TraceeTable.Unannounced) {
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
  /// position was killed, too, and only its end is still to come.
  private func adoptOrphans() {
    let now = monotonicNanoseconds()
    for (child, orphan) in table.unannounced where orphan.process == child {
      let parent = table.processes[orphan.parent]
      guard parent == nil || orphan.adoptionDeadline <= now, table.adopt(child) else { continue }
      begin(
        child, Start(call: .unseen, parent: parent.map { ProcessID(rawValue: $0.id) }), from: parent
      )
      resumeHeld(child, orphan)
    }
  }

  private func executed(_ thread: consuming StoppedThread, _ process: TraceeTable.Process) {
    // The thread has its leader's id now; all others of the process are gone, without a report.
    for thread in table.keepOnlyLeader(of: process.id) {
      lastServed[thread] = nil
      _ = survey?.take(thread)
    }
    let facts = ProcessFacts(process: process.id)
    let execution = Execution(facts)
    if process.id == root { hasExecuted = true }
    if let script = execution.script { observer.scripts.insert(script.path) }
    process.image = ProcessImage(execution)
    stacks.forget(process.id)
    emit(
      process.id, thread.id, .executed(execution),
      CapturedStack(python: process.executionStack.take()))
    _ = thread.resume()
  }

  private func signalled(
    _ thread: consuming StoppedThread, _ process: TraceeTable.Process, _ signal: Int32
  ) {
    let kills =
      (Interest.isTold(signal: signal) || signal == SIGALRM)
      && StatusFile(process: thread.id)?.isEnded(by: signal) == true
    if Interest.isTold(signal: signal) || kills {
      let time = now
      let sender = thread.signalSender()
      let isOurs = sender == getpid()
      emit(
        process.id, thread.id,
        .signalled(
          SignalDelivery(
            signal: signal, sender: sender.map { ProcessID(rawValue: $0) }, isOurs: isOurs)),
        kills && !isOurs ? read(thread, of: process, wantsNative: { _ in true }) : .none, at: time)
    }
    if mechanism == .notify, let call = thread.interruptedCall(),
      observer.wasWithheld(
        call, wasServed: lastServed[thread.id] == call, by: thread.id, of: process)
    {
      thread.restartCall()
    }
    _ = thread.resume(delivering: signal)
  }

  private func ended(_ thread: Int32, _ termination: Termination, status: WaitStatus) {
    guard let process = table.process(ofThread: thread) else {
      // Killed before its parent's event came; or no tracee, but a child from before.
      table.noteEnd(of: thread, status)
      adoptOrphans()
      return
    }
    // A leader is reported when all other threads of its process are gone (wait(2), __WALL).
    lastServed[thread] = nil
    _ = survey?.take(thread)
    guard process.id == thread else {
      table.removeThread(thread)
      return
    }
    table.removeProcess(thread)
    stacks.forget(thread)
    if thread == root { rootEnded(termination) }
    emit(thread, thread, .exited(termination))
    adoptOrphans()
  }

  private func rootEnded(_ termination: Termination) {
    rootTermination = termination
    if !hasExecuted { executionError = program.executionError() }
    isRootStopped = false
    graceEnd = monotonicNanoseconds() + Self.grace
  }

  private func askForSurvivors() {
    guard let end = graceEnd, monotonicNanoseconds() >= end else { return }
    graceEnd = nil
    guard ending == nil, !table.processes.isEmpty else { return }
    switch handler.outlived(by: table.processes.keys.sorted().map { ProcessID(rawValue: $0) }) {
    case .wait: break
    case .leave: isLeaving = true
    case .end: endTree()
    }
  }

  private func continueCommand() {
    guard let time = continuation, monotonicNanoseconds() >= time else { return }
    continuation = nil
    if isRootStopped { send(SIGCONT, to: root) }
  }

  // MARK: System calls

  private func serveNotification() {
    guard let call = listener.next() else { return }
    lastServed[call.thread] = call.call
    if !isLeaving, let process = table.process(ofThread: call.thread) {
      look(at: call.call, by: call.thread, of: process)
    }
    _ = call.resume()
  }

  private func look(at call: SystemCall, by thread: Int32, of process: TraceeTable.Process) {
    // The event is when the call was seen, not when its stack was read.
    let time = now
    if let stack = observer.executionStack(of: call, by: thread, of: process) {
      process.executionStack = stack
    }
    guard let observation = observer.observation(of: call, by: thread, of: process, in: table)
    else { return }
    emit(
      process.id, thread, observation.kind, CapturedStack(python: observation.stack), at: time)
  }

  // MARK: Telling

  private func emit(
    _ process: Int32, _ thread: Int32, _ kind: Event.Kind, _ stack: CapturedStack = .none,
    at time: TraceTime? = nil
  ) {
    if isLeaving { return }
    sequence += 1
    let event = Event(
      sequence: sequence, time: time ?? now, process: ProcessID(rawValue: process),
      thread: ThreadID(rawValue: thread), kind: kind, stack: stack.python,
      nativeStack: stack.native)
    switch handler.observe(event) {
    case .goOn: break
    case .endTree: endTree()
    case .endCommand(let signal):
      if ending == nil { ending = TreeEnd(asking: root, by: signal) }
    }
  }

  private func endTree() {
    guard ending == nil else { return }
    ending = TreeEnd(of: table.processes.keys)
  }
}
