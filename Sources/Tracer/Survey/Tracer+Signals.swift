internal import Glibc
internal import LinuxProcess
internal import TraceModel

// Signals of a terminal or a caller that reach the front and the tree at the same time.
extension Tracer {
  /// Whether a signal was sent to the front's group from outside of the tree, as far as one process
  /// shows it.
  private func mayBeOfGroup(_ sender: ProcessID?, _ process: ProcessID) -> Bool {
    if let sender, sender.rawValue == getpid() || table.thread(sender.firstThread) != nil {
      return false
    }
    return front.isInGroup(of: process)
  }

  /// Whether a thread is to stay in the stop before a signal's delivery until the tree was surveyed.
  func holds(_ thread: TracedThread, before signal: Int32, from sender: ProcessID?) -> Bool {
    guard signal == SIGTERM, phase.survey != nil || phase.mayBeginSurvey, !phase.isEnding,
      mayBeOfGroup(sender, thread.process.id)
    else { return false }
    held.hold(thread.id, signal, at: .now)
    return true
  }

  /// Releases the threads that are kept before a signal's delivery: once the survey is over, or if
  /// none begins.
  func releaseHeld(at now: Instant) {
    guard let deadline = held.deadline, phase.survey == nil, requestedSurvey == nil else { return }
    if now < deadline, phase.mayBeginSurvey { return }
    if phase.mayBeginSurvey, held.signals.values.contains(where: front.isPending) {
      held.extend(from: now)
      return
    }
    for (id, signal) in held.removeAll() {
      guard let thread = table.thread(id) else { continue }
      resume(StoppedThread(id: id), thread, delivering: signal)
    }
  }

  /// A process is about to get a Ctrl-C of the terminal.
  func interrupted(_ process: ProcessID) {
    guard front.isInGroup(of: process) else { return }
    let now = Instant.now
    let sample = { RunDeadline.Sample(of: self.table.processes.keys) }
    guard phase.mayBeginSurvey, let stillness, now >= nextInterruptSurvey,
      stillness.isStill(at: now, sample)
    else { return }
    nextInterruptSurvey = now + InterruptCount.patience
    surveyInterrupt()
  }

  /// How many Ctrl-Cs the program has not answered, with one that has just reached the front; nil if
  /// it belongs to the last one.
  func unansweredInterrupts() -> Int? {
    let isHandled = table.processes.keys.contains {
      front.isInGroup(of: $0) && StatusFields(of: $0)?.handles(SIGINT) == true
    }
    return interrupts.came(at: .now, isHandled: isHandled) {
      RunDeadline.Sample(of: table.processes.keys)
    }
  }

  /// Surveys the tree without stopping a thread: the program may go on after a Ctrl-C, and must not
  /// notice. As nothing moves, all threads wait, or are in the stop before the signal's delivery.
  private func surveyInterrupt() {
    emit(.surveyBegan(.interrupt), by: command.root.firstThread, of: command.root)
    let survey = ThreadSurvey(ofStill: table)
    for candidate in survey.candidates { surveyWithoutStop(candidate, survey) }
    emit(
      .surveyEnded(isMoving: survey.isMoving), by: command.root.firstThread, of: command.root)
  }
}
