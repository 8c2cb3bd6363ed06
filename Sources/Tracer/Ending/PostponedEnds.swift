internal import LinuxProcess
internal import TraceModel

/// Processes that get the signal that ends the tree a moment later.
///
/// A semaphore of multiprocessing is on the machine before the process registers it with the resource
/// tracker, which removes what is left. A process that dies in between leaves the semaphore behind.
struct PostponedEnds {
  /// How long a process goes on before it gets the signal again.
  static let step = Duration.milliseconds(1)
  /// How often that is: a Pool makes a dozen semaphores.
  static let limit = 50

  private var due: [ProcessID: Instant] = [:]
  private var counts: [ProcessID: Int] = [:]

  /// Returns false if the process has had time enough.
  mutating func postpone(_ process: ProcessID, at now: Instant) -> Bool {
    let count = counts[process, default: 0]
    guard count < Self.limit else { return false }
    counts[process] = count + 1
    due[process] = now + Self.step
    return true
  }

  var nextInstant: Instant? { due.values.min() }

  /// Returns the processes that are due, and forgets them.
  mutating func removeDue(at now: Instant) -> [ProcessID] {
    let processes = due.filter { $0.value <= now }.keys.sorted()
    for process in processes { due[process] = nil }
    return processes
  }
}
