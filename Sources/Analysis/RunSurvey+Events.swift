internal import TraceModel

// A survey is built from the events of its threads.
extension RunSurvey {
  /// Adds an event that begins, continues or ends a survey.
  static func apply(_ event: Event, in forest: ProcessForest, to survey: inout RunSurvey?) {
    switch event.kind {
    case .surveyBegan(let cause): survey = RunSurvey(cause: cause, time: event.time)
    case .surveyed(let activity):
      guard let id = forest.id(of: event.process) else { return }
      survey?.threads.append(thread(activity, event, of: id, in: forest))
    case .surveyEnded(let isMoving):
      survey?.isMoving = isMoving
      survey?.threads.sort {
        ($0.process, $0.isMain ? 0 : $0.thread.rawValue)
          < ($1.process, $1.isMain ? 0 : $1.thread.rawValue)
      }
    default: break
    }
  }

  private static func thread(
    _ activity: ThreadActivity, _ event: Event, of id: Int, in forest: ProcessForest
  ) -> SurveyedThread {
    var thread = SurveyedThread(
      process: id, thread: event.thread, isMain: event.thread.rawValue == event.process.rawValue,
      activity: activity, stack: event.stack, nativeStack: event.nativeStack)
    guard case .waiting(let wait) = activity.state else { return thread }
    for object in wait.objects {
      var others = object.processes.compactMap { forest.id(of: $0) }
      if object.kind == .child, object.processes.isEmpty { others = forest.liveChildren(of: id) }
      for other in others where !thread.waitsFor.contains(other) { thread.waitsFor.append(other) }
    }
    return thread
  }
}
