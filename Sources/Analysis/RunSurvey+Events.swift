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

  /// The workers that a thread waits for at a pipe of the forkserver: the server writes there how its
  /// worker has ended (Lib/multiprocessing/popen_forkserver.py, `poll`, 3.4 to 3.15). Which of its
  /// live workers it is can't be seen. nil if the thread waits for something else.
  private static func workersWaitedFor(
    by thread: SurveyedThread, _ wait: Wait, in forest: ProcessForest
  ) -> WaitObject? {
    guard wait.objects.count == 1, wait.objects[0].kind == .pipeToRead,
      wait.objects[0].processes.count == 1,
      thread.frames.contains(where: { $0.path.ends(with: "/popen_forkserver.py") }),
      let server = forest.id(of: wait.objects[0].processes[0]), forest[server].role == .forkserver
    else { return nil }
    let workers = forest.liveChildren(of: server).filter {
      forest[$0].logicalParent == thread.process && forest[$0].role == .forkserverWorker
    }
    guard !workers.isEmpty else { return nil }
    return WaitObject(kind: .process, processes: workers.map { forest[$0].pid })
  }

  private static func thread(
    _ activity: ThreadActivity, _ event: Event, of id: Int, in forest: ProcessForest
  ) -> SurveyedThread {
    var thread = SurveyedThread(
      process: id, thread: event.thread, isMain: event.thread.rawValue == event.process.rawValue,
      activity: activity, stack: event.stack, nativeStack: event.nativeStack)
    guard case .waiting(var wait) = activity.state else { return thread }
    if let workers = workersWaitedFor(by: thread, wait, in: forest) {
      wait.objects = [workers]
      thread.activity.state = .waiting(wait)
    }
    for object in wait.objects {
      var others = object.processes.compactMap { forest.id(of: $0) }
      if object.kind == .child, object.processes.isEmpty { others = forest.liveChildren(of: id) }
      for other in others where !thread.waitsFor.contains(other) { thread.waitsFor.append(other) }
    }
    return thread
  }
}
