internal import LinuxProcess
internal import TraceModel

/// Threads that are kept in the stop before a signal's delivery, because the signal went to the
/// front's whole group: the tree is surveyed first, as if the front alone had got it. Each signal
/// is delivered in the end.
struct HeldSignals {
  /// How long the front's own copy may take to come.
  static let patience = Duration.milliseconds(20)

  private(set) var signals: [ThreadID: Int32] = [:]
  /// When the threads are released if the front hasn't got the signal.
  private(set) var deadline: Instant?

  var isEmpty: Bool { signals.isEmpty }

  mutating func hold(_ thread: ThreadID, _ signal: Int32, at now: Instant) {
    signals[thread] = signal
    if deadline == nil { deadline = now + Self.patience }
  }

  /// The front's copy is on its way.
  mutating func extend(from now: Instant) {
    deadline = now + Self.patience
  }

  func holds(_ signal: Int32, for process: ProcessID, _ table: TraceeTable) -> Bool {
    signals.contains { $0.value == signal && table.thread($0.key)?.process.id == process }
  }

  /// Returns all threads with their signals, and forgets them.
  mutating func removeAll() -> [(thread: ThreadID, signal: Int32)] {
    defer { self = HeldSignals() }
    return signals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A thread has left its stop by its end, or by that of its process.
  mutating func forget(_ thread: ThreadID) {
    signals[thread] = nil
  }
}
