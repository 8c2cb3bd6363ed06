/// A thread of a worker that dies at its work, while it still can be examined.
package struct Dying: Hashable, Sendable {
  /// The number of the Pool's job that the thread works on; nil if it has none.
  package var job: Int?
  /// How many processes of the worker's cgroup the kernel has ended since the run began because
  /// memory ran out (`oom_kill` in memory.events or memory.oom_control); nil if it can't be known, or another
  /// signal than SIGKILL ended the worker.
  package var outOfMemoryKills: Int?

  /// Whether the thread that created the worker had just ended. A worker may have asked to be killed
  /// then (prctl(2), PR_SET_PDEATHSIG: the parent is the thread).
  package var isOrphan: Bool

  package init(job: Int? = nil, outOfMemoryKills: Int? = nil, isOrphan: Bool = false) {
    self.job = job
    self.outOfMemoryKills = outOfMemoryKills
    self.isOrphan = isOrphan
  }
}

/// What the owner of a Pool does about a job whose worker has died.
package struct JobWait: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    /// The thread waits for the job's result, without a timeout.
    case endless
    /// It waits for the result, or looks at it from time to time.
    case timed
    /// No thread waits for the result.
    case none
  }

  package var job: Int
  package var state: State
  /// Whether the process's main thread waits, too, for whatever, without a timeout.
  package var isMainWaiting: Bool

  package init(job: Int, state: State, isMainWaiting: Bool) {
    self.job = job
    self.state = state
    self.isMainWaiting = isMainWaiting
  }
}
