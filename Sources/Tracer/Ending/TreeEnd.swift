internal import Glibc
internal import LinuxProcess

/// The end of a whole tree: SIGTERM to every process, SIGKILL to those that are left after a grace.
struct TreeEnd {
  /// How long a process may take to end by itself.
  static let grace: UInt64 = 2_000_000_000

  private var deadline: UInt64
  private var isKilling = false
  /// Whether only the command has been asked, and what it still starts is left alone until the end of
  /// the grace.
  private var isPatient = false

  /// Begins the end of `processes`.
  init(of processes: some Sequence<Int32>) {
    deadline = monotonicNanoseconds() + Self.grace
    processes.forEach(end)
  }

  /// Asks the command alone, with the signal that it would have got without spawntrace.
  init(asking command: Int32, by signal: Int32) {
    deadline = monotonicNanoseconds() + Self.grace
    isPatient = true
    send(signal, to: command)
  }

  /// Gives no more time.
  mutating func hurry() {
    deadline = 0
  }

  /// Ends one process, also one that has appeared since.
  func end(_ process: Int32) {
    guard !isKilling else {
      send(SIGKILL, to: process)
      return
    }
    if isPatient { return }
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
