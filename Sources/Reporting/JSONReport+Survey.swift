import Analysis
import JSON
import TraceModel

extension JSONWriter {
  /// Writes what every thread did when the run was ended from outside; null if it wasn't.
  mutating func survey(_ survey: RunSurvey?) {
    key("survey")
    guard let survey else {
      null()
      return
    }
    object { writer in
      switch survey.cause {
      case .deadline(let nanoseconds):
        writer.member("cause", "deadline")
        writer.key("deadlineSeconds")
        writer.seconds(nanoseconds: nanoseconds)
      case .signal(let signal):
        writer.member("cause", "signal")
        writer.member("signal", signal)
      case .interrupt:
        writer.member("cause", "interrupt")
        writer.member("signal", Int32(2))
      }
      writer.key("atSeconds")
      writer.seconds(nanoseconds: survey.time.nanoseconds)
      writer.key("moving")
      if let isMoving = survey.isMoving { writer.boolean(isMoving) } else { writer.null() }
      writer.key("threads")
      writer.array { writer in
        for thread in survey.threads { writer.thread(thread) }
      }
    }
  }

  private mutating func thread(_ thread: SurveyedThread) {
    object { writer in
      writer.member("process", thread.process)
      writer.member("thread", thread.thread.rawValue)
      writer.member("main", thread.isMain)
      writer.member("name", thread.activity.name)
      writer.member("state", thread.activity.state.name)
      writer.key("wait")
      writer.wait(thread.wait)
      writer.key("waitsFor")
      writer.array(.oneLine) { writer in
        for process in thread.waitsFor { writer.integer(process) }
      }
      if case .unreadable(let reason) = thread.stack { writer.member("unreadable", reason) }
      writer.key("stack")
      writer.array { writer in
        for frame in thread.frames { writer.frame(frame) }
      }
      writer.nativeStack(thread.nativeStack)
    }
  }

  private mutating func wait(_ wait: Wait?) {
    guard let wait else {
      null()
      return
    }
    object(.oneLine) { writer in
      writer.member("call", wait.call)
      writer.member("timed", wait.isTimed)
      writer.key("for")
      writer.array(.oneLine) { writer in
        for object in wait.objects {
          writer.object(.oneLine) { writer in
            writer.member("kind", object.kind.rawValue)
            writer.member("name", orNull: object.name)
            writer.key("pids")
            writer.array(.oneLine) { writer in
              for process in object.processes { writer.integer(Int(process.rawValue)) }
            }
          }
        }
      }
    }
  }
}

extension ThreadActivity.State {
  fileprivate var name: String {
    switch self {
    case .running: "running"
    case .waiting: "waiting"
    case .stopped: "stopped"
    case .unknown: "unknown"
    }
  }
}
