internal import LinuxProcess

/// The time that a run is given, and whether the tree moves in the last of it.
struct Deadline {
  /// How long before the end the first look is taken.
  private static let window: UInt64 = 500_000_000
  /// The part of the window that the tree may use a processor and still be said to stand still: threads
  /// that look every tenth of a second whether something has happened use less.
  private static let stillness: UInt64 = 20

  /// Nanoseconds.
  let duration: UInt64
  private let end: UInt64
  private let firstLook: UInt64
  private var before: (processorTime: UInt64, processes: Set<Int32>, time: UInt64)?

  init(after duration: UInt64, from begin: UInt64) {
    self.duration = duration
    end = begin + duration
    firstLook = end - min(Self.window, duration / 2)
  }

  /// Nanoseconds until there is something to do.
  var wait: UInt64 {
    let next = before == nil ? firstLook : end
    let now = monotonicNanoseconds()
    return next > now ? next - now : 0
  }

  /// Looks at the tree when it is time; once the time has passed, tells whether it has moved.
  mutating func tick(_ processes: some Collection<Int32>) -> Bool? {
    let now = monotonicNanoseconds()
    // It is asked in every round of the loop, and a look takes a while.
    guard now >= (before == nil ? firstLook : end) else { return nil }
    let used = processes.reduce(0 as UInt64) { $0 + Self.processorTime(of: $1) }
    guard let before else {
      self.before = (used, Set(processes), now)
      return nil
    }
    let isNew = Set(processes) != before.processes
    let spent = used - min(used, before.processorTime)
    return isNew || spent * Self.stillness > now - before.time
  }

  private static func processorTime(of process: Int32) -> UInt64 {
    ThreadStatus.threads(of: process).reduce(0) {
      $0 + ThreadStatus(process: process, thread: $1).processorTime
    }
  }
}
