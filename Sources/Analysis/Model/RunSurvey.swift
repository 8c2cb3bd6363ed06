package import TraceModel

/// The activity of every thread of the tree at one moment of the run.
package struct RunSurvey: Hashable, Sendable {
  package var cause: SurveyCause
  package var time: TraceTime
  /// Whether something moved in the time before; nil if the survey was not ended.
  package var isMoving: Bool?
  /// The threads by process, then by thread id: a main thread has its process's id.
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
  /// The processes, by their numbers in the report, that the thread waits for: one of them is
  /// enough.
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

  /// The wait of the thread; nil if it doesn't wait.
  package var wait: Wait? {
    if case .waiting(let wait) = activity.state { wait } else { nil }
  }

  /// The thread's Python frames, innermost first; empty if there are none.
  package var frames: [PythonFrame] {
    if case .read(let stack) = stack { stack.frames } else { [] }
  }
}
