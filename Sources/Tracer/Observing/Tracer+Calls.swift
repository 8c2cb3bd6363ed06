internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

// System calls that the filter picks.
extension Tracer {
  /// The facts that were read of a thread at a system call.
  private struct Examined {
    var executionStack: StackReading?
    var observation: CallObserver.Observation?
    /// When the call was seen, before its stack was read.
    var time: TraceTime
  }

  /// Serves one call at each listener that has some.
  func serveNotifications() {
    for index in 0..<descriptors.listenerCount {
      if let listener = descriptors.readyListener(index) { serveNotification(at: listener) }
    }
    descriptors.dropEndedListeners()
  }

  private func serveNotification(at listener: NotificationListener) {
    guard let waiting = listener.next() else { return }
    if let thread = table.thread(waiting.thread) {
      thread.lastNotification = waiting.call
      if phase.sendsEvents, isEvent(waiting.call),
        let examined = waiting.examined({ examine($0, by: thread) })
      {
        report(examined, by: thread)
      }
    }
    answer(waiting)
  }

  /// Whether a call may become an event. The filter of a run with served files picks others, too.
  private func isEvent(_ call: SystemCall) -> Bool {
    served == nil || Interest.patterns.contains { $0.matches(call) }
  }

  /// A thread is stopped before a call that the filter has picked.
  func filterStopped(_ stop: consuming StoppedThread, _ thread: TracedThread) {
    if let call = stop.filteredCall(), phase.sendsEvents,
      let examined = examine(call, by: thread)
    {
      report(examined, by: thread)
    }
    resume(stop, thread)
  }

  /// Returns nil if the call isn't worth an event.
  private func examine(_ call: SystemCall, by thread: TracedThread) -> Examined? {
    let time = now
    let process = thread.process
    let stack = observer.executionStack(of: call, by: thread.id, of: process)
    let observation = observer.observation(of: call, by: thread.id, of: process, in: table)
    if stack == nil, observation == nil { return nil }
    return Examined(executionStack: stack, observation: observation, time: time)
  }

  private func report(_ examined: Examined, by thread: TracedThread) {
    if let stack = examined.executionStack { thread.process.executionStack = stack }
    guard let observation = examined.observation else { return }
    thread.process.note(observation.stack.python)
    // Only now: the open of a call that is gone is made, and seen, again.
    if case .opened(let open) = observation.kind {
      thread.process.image?.state.opened(open.meaning)
    }
    emit(
      observation.kind, by: thread.id, of: thread.process.id,
      observation.stack, at: examined.time)
  }
}
