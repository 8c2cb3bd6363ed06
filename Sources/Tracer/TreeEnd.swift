internal import Glibc
internal import LinuxProcess

/// The end of a whole tree: SIGTERM to every process, SIGKILL to those that are left after a grace.
struct TreeEnd {
  /// How long a process may take to end by itself.
  static let grace: UInt64 = 2_000_000_000

  private let deadline: UInt64
  private var isKilling = false

  /// Begins the end of `processes`.
  init(of processes: some Sequence<Int32>) {
    deadline = monotonicNanoseconds() + Self.grace
    processes.forEach(end)
  }

  /// Ends one process, also one that has appeared since.
  func end(_ process: Int32) {
    guard !isKilling else {
      send(SIGKILL, to: process)
      return
    }
    send(SIGTERM, to: process)
    // A stopped process gets SIGTERM only when it runs again.
    send(SIGCONT, to: process)
  }

  /// Nanoseconds until `tick` has something to do; nil where it has nothing more.
  var wait: UInt64? {
    isKilling ? nil : deadline - min(deadline, monotonicNanoseconds())
  }

  /// Kills whoever is left once the grace is over.
  mutating func tick(_ processes: some Sequence<Int32>) {
    guard !isKilling, monotonicNanoseconds() >= deadline else { return }
    isKilling = true
    processes.forEach(end)
  }
}
