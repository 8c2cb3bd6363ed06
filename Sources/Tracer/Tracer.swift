internal import Glibc
package import LinuxProcess
internal import PythonStack
package import SystemPackage
package import TraceModel

/// The one loop: it waits, turns each stop into an event, hands that to the handler, and resumes
/// the thread.
///
/// It belongs to the OS thread that creates it: the kernel ties tracees to that (ptrace(2)). It
/// records and judges nothing.
package final class Tracer {
  /// The result of a run.
  package struct Outcome: Sendable {
    /// How the command ended; nil if it could not be executed, or lives on.
    package var termination: Termination?
    /// Why it could not be executed.
    package var executionError: Errno?
    package var events: UInt64
    package var duration: TraceTime
    /// The processes that the command has left running, if the run doesn't wait for them.
    package var survivors: [ProcessID]
    /// Whether the front was killed, and the tree with it.
    package var isAbandoned: Bool
  }

  /// How system calls are seen.
  package let mechanism: Mechanism
  /// Why the better mechanisms are not available.
  package let refusals: [LaunchedProgram.Refusal]

  let handler: any TraceHandler
  let front: Front
  let signals: StopSignal
  let capture: Capture
  /// Puts processes under the filter while they run; nil if they are under it from their beginning,
  /// or never.
  let installer: FilterInstaller?
  /// The files of which the programs see other texts; nil in most runs.
  let served: ServedFiles?
  let stacks: StackObserver
  let began: Instant

  // The loop.
  var descriptors: PolledDescriptors
  /// Whether there may be stops that no signal announces any more.
  var hasMoreStops = false
  private var sequence: UInt64 = 0

  // The tree.
  var table = TraceeTable()
  var command: TracedCommand
  var stuckThreads: StuckThreadCheck
  var observer: CallObserver
  var starterFiles = StarterFiles()
  var lostJobs = LostJobs()
  let memoryLimits: MemoryLimits

  // The run.
  var phase = RunPhase.running(.notBegun)
  /// When all threads are surveyed; nil without a timeout, and once it has passed.
  var deadline: RunDeadline?

  /// When a signal asked for the run's end.
  var endRequest: Instant?
  /// The signal that asks the tracer itself for the run's end, and when it is answered.
  var ownRequest: (StopSignal.EndRequest, due: Instant)?
  /// When the front last passed on a SIGTERM.
  var lastFrontRequest: Instant?
  /// When the front is looked at next.
  var nextFrontCheck: Instant
  var postponed = PostponedEnds()
  var held = HeldSignals()
  var interrupts = InterruptCount()
  /// The signal that has asked for a survey, and when that begins.
  var requestedSurvey: (signal: Int32, due: Instant)?
  /// nil if there is no terminal that a Ctrl-C could come from.
  var stillness: Stillness?
  /// One Ctrl-C reaches several processes, and the tree is surveyed once.
  var nextInterruptSurvey = Instant(nanoseconds: 0)

  /// How long an unannounced child is held at its first stop. The parent's event follows within
  /// microseconds, or never. A SIGCONT for the command's whole group gets as long to reach the
  /// command.
  static let announcementPatience = Duration.milliseconds(20)

  /// Takes a tree under the tracer. After `timeout` all its threads are surveyed.
  ///
  /// - Parameters:
  ///   - mechanism: The one to begin with, unless files are served: that takes notifications.
  ///   - overlays: Texts that the tree is to see in the place of files.
  package init(
    _ arrival: Arrival, mechanism: Mechanism = .notify, filtering: FilterPolicy = .workers,
    capture: Capture = .needed, timeout: Duration? = nil, overlays: [Overlay] = [],
    by way: OverlayWay = .served, front: Front, handler: any TraceHandler
  ) throws(LaunchError) {
    self.handler = handler
    self.front = front
    self.capture = capture
    let texts = try OverlaidTexts(overlays, by: way)
    served = texts.served
    let files = ProgramFiles(served: served)
    stacks = StackObserver(files)
    let tree = try ArrivedTree(
      arrival, mechanism: served == nil ? mechanism : .notify,
      isLate: served == nil && filtering == .workers && capture != .all,
      patterns: texts.patterns, preparation: texts.preparation)
    began = tree.time
    memoryLimits = MemoryLimits(of: tree.command.root)
    self.mechanism = tree.mechanism
    refusals = tree.refusals
    installer = tree.installer
    let listener = tree.listener
    signals = tree.signals
    command = tree.command
    releaseStandardDescriptors()
    observer = CallObserver(
      capture, patterns: texts.patterns, files: files, stacks: stacks)
    stuckThreads = StuckThreadCheck(from: began)
    nextFrontCheck = began + Self.frontInterval
    descriptors = PolledDescriptors(
      stops: signals.rawDescriptor, front: front.rawDescriptor,
      starterFiles: starterFiles.rawDescriptor)
    deadline = timeout.map { RunDeadline(after: $0, from: began) }
    stillness = front.hasTerminal ? Stillness(from: began) : nil
    let root = table.addProcess(command.root, image: nil)
    if self.mechanism != .processesOnly, installer == nil { root.filterState = .on }
    if let listener { listen(to: listener) }
  }

  /// When the run began, in nanoseconds of the monotonic clock.
  package var monotonicStart: UInt64 {
    began.nanoseconds
  }

  /// Traces until the last process of the tree is gone, or until the handler leaves the processes
  /// that the command has left running.
  package func run() throws(SystemCallError) -> Outcome {
    emit(
      .started(Start(call: .launch, parent: nil)), by: command.root.firstThread, of: command.root)
    while try !isDone(), !isLeaving { try serve() }
    var outcome = Outcome(
      termination: nil, executionError: nil, events: sequence, duration: now,
      survivors: table.processes.keys.sorted(), isAbandoned: false)
    if case .abandoned = phase { outcome.isAbandoned = true }
    switch command.state {
    case .starting, .executed: break
    case .ended(let termination): outcome.termination = termination
    case .failed(let error): outcome.executionError = error
    }
    return outcome
  }

  /// Serves the processes that the command has left running until the last of them is gone: they
  /// run under a filter that needs a tracer. Nothing is examined any more, and no event is sent. A
  /// SIGTERM to the tracer ends them.
  package func serveSurvivors() throws(SystemCallError) {
    signals.readAllEnds()
    while try !isDone() { try serve() }
  }

  private var isLeaving: Bool {
    if case .leaving = phase { true } else { false }
  }

  /// The time since the run began.
  var now: TraceTime {
    TraceTime(nanoseconds: Instant.now.nanoseconds - began.nanoseconds)
  }

  /// Serves the notifications of this listener, too, from now on.
  func listen(to listener: NotificationListener) {
    descriptors.add(listener)
    front.hold(listener)
  }

  /// Sends an event to the handler, and follows its directive.
  func emit(
    _ kind: Event.Kind, by thread: ThreadID, of process: ProcessID,
    _ stack: CapturedStack = .none, at time: TraceTime? = nil
  ) {
    guard phase.sendsEvents else { return }
    sequence += 1
    let event = Event(
      sequence: sequence, time: time ?? now, process: process, thread: thread, kind: kind,
      stack: stack.python, mainStack: stack.main, nativeStack: stack.native)
    switch handler.observe(event) {
    case .proceed: break
    case .endTree: endTree()
    case .endCommand(let signal): endCommand(by: signal)
    }
  }
}
