internal import LinuxProcess
internal import TraceModel

// The inspection of every thread when the run is to end.
extension Tracer {
  /// Begins a survey when the run's time has passed, and ends one that has lasted long enough.
  func advanceSurvey(to now: Instant) {
    if let deadline, deadline.nextInstant <= now,
      let isMoving = self.deadline?.advance(
        to: now, { RunDeadline.Sample(of: table.processes.keys) })
    {
      self.deadline = nil
      beginSurvey(.deadline(deadline.duration.nanoseconds), isMoving: isMoving)
    }
    guard let survey = phase.survey else { return }
    for candidate in survey.removeOverdue(in: table, at: now) {
      surveyWithoutStop(candidate, survey)
    }
    endSurveyIfDone()
  }

  /// Begins the run's survey, unless there was one or the tree is being ended.
  func beginSurvey(_ cause: SurveyCause, isMoving: Bool) {
    guard phase.mayBeginSurvey else { return }
    emit(.surveyBegan(cause), by: command.root.firstThread, of: command.root)
    let survey = ThreadSurvey(
      of: table, isMoving: isMoving, held: Set(held.signals.keys), at: .now)
    phase.beginSurvey(survey)
    for (id, signal) in held.signals.sorted(by: { $0.key < $1.key }) {
      guard let thread = table.thread(id) else { continue }
      examineForSurvey(StoppedThread(id: id), thread, .signalDelivery(signal: signal))
    }
    endSurveyIfDone()
  }

  /// Reads a thread that a survey waits for, in whatever stop it is.
  func examineForSurvey(
    _ stop: borrowing StoppedThread, _ thread: TracedThread, _ status: WaitStatus
  ) {
    guard let survey = phase.survey else { return }
    let registers = stop.registers()
    var isGroupStopped = false
    if case .groupStop = status { isGroupStopped = true }
    var isInterrupted = false
    if case .signalDelivery = status { isInterrupted = registers?.isInterrupted == true }
    guard let candidate = survey.remove(thread, isInterrupted: isInterrupted) else { return }
    let isRead = !survey.isOverdue
    let activity =
      isRead
      ? survey.activity(candidate, registers?.systemCall, isGroupStopped: isGroupStopped)
      : ThreadSurvey.unread
    var stack = CapturedStack.none
    if isRead, table.processes[candidate.process] != nil {
      stack = read(stop, of: thread.process, isForced: true, wantsNative: { _ in true })
    }
    emit(.surveyed(activity), by: thread.id, of: candidate.process, stack)
    // The run may go on.
    if case .trap = status { stop.restartFailedCall() }
  }

  /// Reads a thread that waits in the kernel, so its stack doesn't change.
  func surveyWithoutStop(_ candidate: SurveyCandidate, _ survey: ThreadSurvey) {
    let isRead = !survey.isOverdue
    emit(
      .surveyed(isRead ? survey.activityWithoutStop(candidate) : ThreadSurvey.unread),
      by: candidate.thread, of: candidate.process,
      CapturedStack(python: isRead ? stackWithoutStop(candidate) : nil))
  }

  private func stackWithoutStop(_ candidate: SurveyCandidate) -> StackReading? {
    guard capture != .withoutStacks, let image = table.processes[candidate.process]?.image else {
      return nil
    }
    return stacks.read(candidate.thread, nil, of: candidate.process, image)
  }

  private func endSurveyIfDone() {
    guard let survey = phase.survey, survey.pendingCount == 0 else { return }
    phase.endSurvey()
    emit(
      .surveyEnded(isMoving: survey.isMoving), by: command.root.firstThread, of: command.root)
  }
}
