internal import LinuxProcess
internal import TraceModel

// A look at every thread when the run is to end.
extension Tracer {
  func watchTime() {
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

  func beginSurvey(_ cause: SurveyCause, isMoving: Bool) {
    guard !hasSurveyed, ending == nil else { return }
    hasSurveyed = true
    emit(root, root, .surveyBegan(cause))
    survey = Survey(
      of: Array(table.processes.keys), isMoving: isMoving, resting: resting)
    endSurveyIfDone()
  }

  /// Reads a thread that a survey waits for, in whatever stop it is.
  func lookAround(_ thread: borrowing StoppedThread, _ status: WaitStatus) {
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

  func stackWithoutStop(_ candidate: Survey.Candidate) -> StackReading? {
    guard capture != .withoutStacks, let image = table.processes[candidate.process]?.image else {
      return nil
    }
    return stacks.read(candidate.thread, nil, of: candidate.process, image)
  }

  func endSurveyIfDone() {
    guard let survey, survey.pending.isEmpty else { return }
    self.survey = nil
    emit(root, root, .surveyEnded(isMoving: survey.isMoving))
  }
}
