internal import LinuxProcess
internal import TraceModel

// The loop's waiting, and the work that is due without a stop or a notification.
extension Tracer {
  /// Whether the tree is gone: no process is known, and no unknown one can come. A parent that was
  /// killed in the middle of a fork leaves a child that is only seen at its first stop.
  func isDone() throws(SystemCallError) -> Bool {
    guard table.isEmpty else { return false }
    switch try nextTraceeReport() {
    case .noTracees: return true
    case .nothing: return false
    case .changed(let thread, let status):
      handle(thread, status)
      return false
    }
  }

  /// Waits once, and serves everything that has come.
  func serve() throws(SystemCallError) {
    let ready = try descriptors.wait(hasMoreStops ? 0 : pollTimeout)
    if ready.front { serveFront() }
    if ready.stops || hasMoreStops { try serveStops() }
    if ready.notifications { serveNotifications() }
    if ready.starterFiles { filterPossibleStarters() }
    let now = Instant.now
    sendPostponed(at: now)
    advanceTreeEnd(to: now)
    if !table.unannounced.isEmpty { adoptOrphans() }
    decideAboutSurvivors(at: now)
    continueCommand(at: now)
    serveEndRequest(at: now)
    beginRequestedSurvey(at: now)
    advanceSurvey(to: now)
    advanceLostJobs(to: now)
    releaseHeld(at: now)
    if phase.sendsEvents { sampleStillness(at: now) }
    resumeStuckThreads(at: now)
  }

  private func sampleStillness(at now: Instant) {
    stillness?.advance(to: now) { RunDeadline.Sample(of: table.processes.keys) }
  }

  /// How many milliseconds poll(2) may wait until something is due.
  private var pollTimeout: Int32 {
    var next = stuckThreads.nextInstant
    func consider(_ instant: Instant?) {
      if let instant, instant < next { next = instant }
    }
    consider(phase.nextInstant)
    consider(postponed.nextInstant)
    consider(deadline?.nextInstant)
    consider(lostJobs.nextInstant)
    consider(phase.survey == nil && requestedSurvey == nil ? held.deadline : nil)
    consider(requestedSurvey?.due)
    consider(phase.sendsEvents ? stillness?.nextInstant : nil)
    consider(command.continuation)
    consider(ownRequest?.due)
    consider(table.adoptionDeadline)
    // Rounded up, so that the instant has passed when poll returns.
    return Int32(clamping: next.since(.now).nanoseconds / 1_000_000 + 1)
  }

  private func serveStops() throws(SystemCallError) {
    if let request = signals.drain() { requestEnd(request) }
    // One SIGCHLD may stand for many stops. But a process that never runs out of them must not keep
    // calls waiting at notifications.
    for _ in 0..<Self.stopsInARow {
      switch try nextTraceeReport() {
      case .changed(let thread, let status): handle(thread, status)
      case .nothing:
        hasMoreStops = false
        return
      case .noTracees:
        hasMoreStops = false
        dropLost()
        return
      }
    }
    hasMoreStops = true
  }

  /// wait(2) reports no tracees, so every process still in the table has ended unseen. Drops them.
  private func dropLost() {
    for thread in table.unannounced.keys { _ = table.removeUnannounced(thread) }
    for process in table.processes.keys.sorted() {
      forget(table.removeProcess(process))
      stacks.forget(process)
      if phase.sendsEvents { handler.lost(process) }
    }
  }

  /// Resumes threads in a stop that the tracer has forgotten, and reports them.
  private func resumeStuckThreads(at now: Instant) {
    guard now >= stuckThreads.nextInstant else { return }
    let stuck = stuckThreads.advance(to: now) {
      Set(
        table.threads.values.lazy.filter { thread in
          !thread.isInGroupStop && self.held.signals[thread.id] == nil
            && ThreadFolder(thread.id, of: thread.process.id).state == .traced
        }.map(\.id))
    }
    for thread in stuck.sorted() {
      let process = table.thread(thread)?.process.id ?? ProcessID(firstThread: thread)
      _ = StoppedThread(id: thread).resume()
      handler.resumedStuckThread(thread, of: process)
    }
  }

  private static let stopsInARow = 32
}
