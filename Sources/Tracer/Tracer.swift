internal import Glibc
package import LinuxProcess
internal import Multiprocessing
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

  let handler: any TraceHandler
  let front: Front
  let signals: StopSignal
  let program: LaunchedProgram
  /// Those of the filters of which somebody may still be under.
  var listeners: [NotificationListener] = []
  /// Whether there may be stops of which no signal tells any more.
  var hasMoreStops = false
  /// What poll(2) waits for: stops, the front, and the listeners in their order.
  var polled: [pollfd] = []
  /// nil where processes are under the filter from the beginning, or never.
  let installer: FilterInstaller?
  var starterFiles = StarterFiles()
  var selfCheck: SelfCheck
  /// The threads that are left in a group-stop.
  var resting: Set<Int32> = []
  let root: Int32
  let began: UInt64
  var table = TraceeTable()
  var observer: CallObserver
  let stacks = StackObserver()
  let capture: Capture
  /// What the tracer was asked by a thread's last notification.
  var lastServed: [Int32: SystemCall] = [:]
  var sequence: UInt64 = 0
  var hasExecuted = false
  var rootTermination: Termination?
  var executionError: Errno?
  var ending: TreeEnd?
  var deadline: Deadline?
  var survey: Survey?
  /// Whether there has been one: a second would find threads that the first has disturbed.
  var hasSurveyed = false
  /// When to ask what becomes of those that the command has left running.
  var graceEnd: UInt64?
  /// How long what helps the command may take to end after it: a resource tracker, workers whose pipes
  /// are closed.
  static let grace: UInt64 = 1_000_000_000
  /// Whether the run is over for everybody but those that live on.
  var isLeaving = false
  /// Whether the front was killed.
  var isAbandoned = false
  /// Whether a signal of job control has stopped the command.
  var isRootStopped = false
  /// When the command is to be sent a SIGCONT that the front got, unless it has got it itself.
  var continuation: UInt64?
  /// How long a child's first stop lasts when its maker doesn't tell of it: that comes microseconds
  /// later, or never.
  static let patience: UInt64 = 20_000_000

  /// Launches `command` and makes ready to trace it; after `timeout` nanoseconds all threads are
  /// surveyed.
  package init(
    _ command: [String], mechanism: Mechanism = .notify, watching: Watching = .workers,
    capture: Capture = .needed,
    timeout: UInt64? = nil, front: Front, handler: any TraceHandler
  ) throws(LaunchError) {
    self.handler = handler
    self.front = front
    self.capture = capture
    let signals = try Self.openSignals()
    began = monotonicNanoseconds()
    selfCheck = SelfCheck(from: began)
    // What can't be put in later has to be there from the beginning.
    let isLate = watching == .workers && capture != .all && BorrowedThread.isPossible
    let available = Mechanism.available(from: isLate ? mechanism : .events)
    var program = try Launcher.launch(
      command, patterns: Interest.patterns, mechanism: isLate ? .events : mechanism,
      inheriting: signals.inherited)
    root = program.process
    let listener = program.takeListener()
    self.mechanism = isLate ? available.mechanism : program.mechanism
    refusals = isLate ? available.refusals : program.refusals
    self.program = program
    self.signals = signals
    installer =
      isLate && available.mechanism != .events
      ? FilterInstaller(Interest.patterns, mechanism: available.mechanism) : nil
    releaseStandardDescriptors()
    observer = CallObserver(capture, stacks: stacks)
    table.addProcess(root, image: nil)
    if self.mechanism != .events, installer == nil { table.processes[root]?.watch = .on }
    if let listener { listen(to: listener) }
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
  package let mechanism: Mechanism

  /// Why no better way was to be had.
  package let refusals: [LaunchedProgram.Refusal]

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
  func serve() throws(SystemCallError) {
    let ready = try waitUntilReady()
    if ready.front { hearFront() }
    if ready.stops { try serveStops() }
    if ready.notifications { serveNotifications() }
    if ready.starters { watchStarters() }
    if ending != nil { ending?.tick(table.processes.keys) }
    if !table.unannounced.isEmpty { adoptOrphans() }
    askForSurvivors()
    continueCommand()
    watchTime()
    letGoOfStuck()
  }

  var now: TraceTime {
    TraceTime(nanoseconds: monotonicNanoseconds() - began)
  }

  // MARK: Stops

  func handle(_ thread: Int32, _ status: WaitStatus) {
    switch status {
    case .exited(let status): ended(thread, .status(status), status: .exited(status: status))
    case .killed(let signal): ended(thread, .signal(signal), status: .killed(signal: signal))
    default: stopped(StoppedThread(id: thread), status)
    }
  }

  func stopped(_ thread: consuming StoppedThread, _ status: WaitStatus) {
    guard let process = table.process(ofThread: thread.id) else {
      hold(thread, status)
      return
    }
    selfCheck.served(thread.id)
    if !resting.isEmpty { resting.remove(thread.id) }
    if survey != nil { lookAround(thread, status) }
    switch status {
    case .fork: forked(thread, process, .fork)
    case .vfork: forked(thread, process, .vfork)
    case .clone: forked(thread, process, .clone)
    case .exec: executed(thread, process)
    case .systemCall:
      if let call = thread.systemCall() { look(at: call, by: thread.id, of: process) }
      goOn(thread)
    case .callBoundary: install(in: thread, process)
    case .signalDelivery(let signal): signalled(thread, process, signal)
    case .groupStop(let signal):
      if thread.id == root, !isLeaving {
        isRootStopped = true
        front.stop(by: signal)
      }
      resting.insert(thread.id)
      _ = thread.stayStopped()
    case .trap where thread.id == root && isRootStopped:
      isRootStopped = false
      continuation = nil
      if !isLeaving { front.goOn() }
      goOn(thread)
    case .trap where process.watch == .due:
      watch(process, from: thread, isInCall: false)
      goOn(thread)
    case .trap, .unknown, .exited, .killed: goOn(thread)
    }
  }

  /// Reads the stacks of a thread in a stop, where its process is worth it: rules ask for programs in
  /// Python, a survey for all.
  ///
  /// - Parameter known: The thread's registers, where somebody has read them in this stop.
  func read(
    _ thread: borrowing StoppedThread, of process: TraceeTable.Process,
    at known: ThreadRegisters? = nil, isForced: Bool = false, wantsNative: (StackReading?) -> Bool
  ) -> CapturedStack {
    guard capture != .withoutStacks, !isLeaving, let image = process.image,
      isForced || capture == .all || image.state.isPython || image.interpreter != nil,
      let registers = known ?? thread.registers()
    else { return .none }
    return stacks.read(
      thread.id, registers, of: process.id, image,
      wantsNative: { capture == .all || wantsNative($0) })
  }

  func executed(_ thread: consuming StoppedThread, _ process: TraceeTable.Process) {
    // The thread has its leader's id now; all others of the process are gone, without a report.
    for thread in table.keepOnlyLeader(of: process.id) {
      lastServed[thread] = nil
      installer?.forget(thread)
      resting.remove(thread)
      _ = survey?.take(thread)
    }
    installer?.forget(process.id)
    if process.watch == .beginning { process.watch = .due }
    let facts = ProcessFacts(process: process.id)
    let execution = Execution(facts, thread)
    if process.id == root { hasExecuted = true }
    if let script = execution.script { observer.scripts.insert(script.path) }
    let image = ProcessImage(execution, after: process.image?.state ?? ProcessState())
    if installer != nil, !isLeaving, process.watch == .off,
      Interest.isWatched(fromBeginning: image, execution, after: process.image)
        || image.state.isPython && !starterFiles.add(execution, of: process.id)
    {
      process.watch = .due
    }
    // Whoever starts a worker without a stack that tells so does it by other means than Python's.
    if image.state.belongsToWorker, let maker = process.maker.flatMap({ table.processes[$0] }),
      maker.watch == .off, installer != nil
    {
      maker.watch = .due
    }
    process.image = image
    stacks.forget(process.id)
    emit(
      process.id, thread.id, .executed(execution),
      CapturedStack(python: process.executionStack.take()))
    if process.watch == .due { watch(process, from: thread, isInCall: true) }
    goOn(thread)
  }

  /// Lets a thread run on, to the next boundary of a call where it makes calls for the tracer.
  func goOn(_ thread: consuming StoppedThread, delivering signal: Int32 = 0) {
    if let installer, installer.isWorking(thread.id) {
      _ = thread.resumeToCall(delivering: signal)
    } else {
      _ = thread.resume(delivering: signal)
    }
  }

  func signalled(
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
    if thread.isCallSpoilt(byIgnored: signal) {
      thread.restartUnlessHandled()
    } else if process.watch == .on, mechanism == .notify, let call = thread.interruptedCall(),
      observer.wasWithheld(
        call, wasServed: lastServed[thread.id] == call, by: thread.id, of: process)
    {
      thread.restartCall()
    }
    goOn(thread, delivering: signal)
  }

  func ended(_ thread: Int32, _ termination: Termination, status: WaitStatus) {
    guard let process = table.process(ofThread: thread) else {
      // Killed before its parent's event came; or no tracee, but a child from before.
      table.noteEnd(of: thread, status)
      adoptOrphans()
      return
    }
    // A leader is reported when all other threads of its process are gone (wait(2), __WALL).
    lastServed[thread] = nil
    installer?.forget(thread)
    resting.remove(thread)
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

  // MARK: Telling

  func emit(
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

  func endTree() {
    guard ending == nil else { return }
    ending = TreeEnd(of: table.processes.keys)
  }
}
