internal import Glibc
internal import LinuxProcess
internal import SystemPackage
internal import TraceModel

// What the loop waits for, and for how long.
extension Tracer {
  /// The tree is gone when nobody is known and nobody unknown can come: a parent that was killed in
  /// the middle of a fork leaves a child that will only be seen at its first stop.
  func isDone() throws(SystemCallError) -> Bool {
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
  func waitUntilReady() throws(SystemCallError) -> (
    stops: Bool, notifications: Bool, front: Bool, starters: Bool
  ) {
    // Rounded up, so that a deadline is over when poll returns for it.
    let timeout = shortestWait.map { Int32(clamping: $0 / 1_000_000 + 1) } ?? -1
    if polled.isEmpty {
      let descriptors =
        [
          signals.rawDescriptor, isLeaving ? -1 : front.rawDescriptor,
          isLeaving ? -1 : starterFiles.rawDescriptor,
        ]
        + listeners.map(\.rawDescriptor)
      polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }
    var count = poll(&polled, nfds_t(polled.count), hasMoreStops ? 0 : timeout)
    if count < 0 {
      if errno == EINTR { return (false, false, false, false) }
      throw SystemCallError("poll", Errno(rawValue: errno))
    }
    let (stops, front) = (polled[0].revents != 0, polled[1].revents != 0)
    let starters = polled[2].revents != 0
    count -= (stops ? 1 : 0) + (front ? 1 : 0) + (starters ? 1 : 0)
    return (stops || hasMoreStops, count > 0, front, starters)
  }

  /// From now on calls wait at this listener, too.
  func listen(to listener: NotificationListener) {
    listeners.append(listener)
    polled = []
    front.keep(listener)
  }

  /// How many nanoseconds there are until something is to be done without anybody asking.
  var shortestWait: UInt64? {
    var shortest: UInt64?
    func consider(_ wait: UInt64?) {
      if let wait { shortest = min(wait, shortest ?? .max) }
    }
    consider(ending?.wait)
    consider(deadline?.wait)
    consider(survey?.wait)
    let times = (graceEnd, continuation, table.adoptionDeadline)
    let now = monotonicNanoseconds()
    func consider(until time: UInt64?) {
      consider(time.map { $0 > now ? $0 - now : 0 })
    }
    consider(until: times.0)
    consider(until: times.1)
    consider(until: times.2)
    consider(until: selfCheck.next)
    return shortest
  }

  /// Looks for tracees that stand in a stop which nobody serves, says so and lets them go.
  func letGoOfStuck() {
    let now = monotonicNanoseconds()
    guard now >= selfCheck.next else { return }
    let stuck = selfCheck.tick(at: now) {
      Set(
        table.processes.values.flatMap { process in
          process.threads.filter { thread in
            !resting.contains(thread)
              && ThreadStatus(process: process.id, thread: thread).state == "t"
          }
        })
    }
    for thread in stuck.sorted() {
      let process = table.process(ofThread: thread)?.id ?? thread
      _ = StoppedThread(id: thread).resume()
      handler.letGo(ProcessID(rawValue: process), ThreadID(rawValue: thread))
    }
  }

  func serveStops() throws(SystemCallError) {
    signals.take()
    // One SIGCHLD may stand for many stops; but who never has enough of them must not keep those
    // waiting whose calls are at a notification.
    for _ in 0..<Self.stopsInARow {
      switch try nextWaitResult() {
      case .stopped(let thread, let status): handle(thread, status)
      case .nothing:
        hasMoreStops = false
        return
      case .noTracees:
        hasMoreStops = false
        forgetLost()
        return
      }
    }
    hasMoreStops = true
  }

  /// There is no tracee left: whoever is still known has ended, and that was missed. Nobody is waited for
  /// who isn't there.
  private func forgetLost() {
    for thread in table.unannounced.keys { _ = table.takeUnannounced(thread) }
    for process in table.processes.keys.sorted() {
      table.removeProcess(process)
      stacks.forget(process)
      if !isLeaving { handler.lost(ProcessID(rawValue: process)) }
    }
  }

  private static let stopsInARow = 32
}
