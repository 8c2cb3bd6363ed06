package import TraceModel

/// What every thread of the tree did at one moment of the run.
package struct RunSurvey: Hashable, Sendable {
  package var cause: SurveyCause
  package var time: TraceTime
  /// Whether something moved in the time before; nil if the survey was not ended.
  package var isMoving: Bool?
  /// By process, and there in the order of their numbers: a main thread has the process's.
  package var threads: [SurveyedThread]

  package init(cause: SurveyCause, time: TraceTime) {
    self.cause = cause
    self.time = time
    threads = []
  }
}

/// A thread as a survey found it.
package struct SurveyedThread: Hashable, Sendable {
  /// The process's number in the report.
  package var process: Int
  package var thread: ThreadID
  package var isMain: Bool
  package var activity: ThreadActivity
  /// The processes, by their numbers in the report, for one of which it waits.
  package var waitsFor: [Int]
  package var stack: StackReading?
  package var nativeStack: MixedStack?

  package init(
    process: Int, thread: ThreadID, isMain: Bool, activity: ThreadActivity, waitsFor: [Int] = [],
    stack: StackReading? = nil, nativeStack: MixedStack? = nil
  ) {
    self.process = process
    self.thread = thread
    self.isMain = isMain
    self.activity = activity
    self.waitsFor = waitsFor
    self.stack = stack
    self.nativeStack = nativeStack
  }

  /// What it waits for; nil where it doesn't wait.
  package var wait: Wait? {
    if case .waiting(let wait) = activity.state { wait } else { nil }
  }

  /// Its Python frames, innermost first; empty where there are none.
  package var frames: [PythonFrame] {
    if case .read(let stack) = stack { stack.frames } else { [] }
  }
}
