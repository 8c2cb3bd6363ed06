internal import LinuxProcess
internal import TraceModel

/// A regular check for tracees in a stop that the tracer has forgotten. By such a fault of ours a
/// thread, and everything that waits for it, would stand still for ever.
///
/// A thread is suspect if it is in a stop (`t` in /proc/PID/task/TID/stat) that the tracer doesn't
/// keep it in. It is stuck if it still is at the next check, and none of its stops was served in
/// between.
struct StuckThreadCheck {
  static let interval = Duration.seconds(5)

  /// When the next check is due.
  private(set) var nextInstant: Instant
  private var suspects: Set<ThreadID> = []

  init(from time: Instant) {
    nextInstant = time + Self.interval
  }

  /// A stop of the thread is being served.
  mutating func served(_ thread: ThreadID) {
    if !suspects.isEmpty { suspects.remove(thread) }
  }

  /// Checks when it is time, and returns the threads that are stuck.
  ///
  /// - Parameter stopped: The threads that are in a stop in which the tracer doesn't keep them.
  mutating func advance(to now: Instant, _ stopped: () -> Set<ThreadID>) -> Set<ThreadID> {
    guard now >= nextInstant else { return [] }
    nextInstant = now + Self.interval
    let stopped = stopped()
    let stuck = stopped.intersection(suspects)
    suspects = stopped.subtracting(stuck)
    return stuck
  }
}
