internal import LinuxProcess

/// Looks now and then whether a tracee stands in a stop that nobody serves: by a fault of ours it would
/// stand there for ever, and whoever waits for it, too.
///
/// A thread is suspect that is in a stop (`t` in /proc/PID/task/TID/stat) and not one that the tracer
/// keeps there; it is stuck if it still is at the next look and none of its stops was served in between.
struct SelfCheck {
  /// Nanoseconds between two looks.
  static let interval: UInt64 = 5_000_000_000

  /// When to look next.
  private(set) var next: UInt64
  private var suspects: Set<Int32> = []

  init(from time: UInt64) {
    next = time + Self.interval
  }

  /// A stop of the thread is served.
  mutating func served(_ thread: Int32) {
    if !suspects.isEmpty { suspects.remove(thread) }
  }

  /// Looks when it is time, and returns those that are stuck.
  ///
  /// - Parameter stopped: The threads that are in a stop and that nobody keeps there.
  mutating func tick(at time: UInt64, _ stopped: () -> Set<Int32>) -> Set<Int32> {
    guard time >= next else { return [] }
    next = time + Self.interval
    let now = stopped()
    let stuck = now.intersection(suspects)
    suspects = now.subtracting(stuck)
    return stuck
  }
}
