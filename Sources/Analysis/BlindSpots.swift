internal import TraceModel

/// Events that could have been a proof and couldn't be read.
struct BlindSpots: Sendable {
  /// The processes that started a worker with a stack that couldn't be read, by the reason.
  private var stacks: [String: Set<Int>] = [:]
  /// The processes with calls that can't be seen, by the reason.
  private var calls: [String: Set<Int>] = [:]

  mutating func observe(_ event: Event, _ change: Change) {
    if case .blinded(let reason) = event.kind, change.process != 0 {
      calls[reason, default: []].insert(change.process)
    }
    // Only the stack at a start proves something; others may be asked for before there is one.
    if change.kinds.contains(.openedStarter), let reason = Self.gap(in: event.stack) {
      stacks[reason, default: []].insert(change.process)
    }
  }

  /// Returns why a stack isn't whole, nil if it is: its outer part would prove a cycle.
  private static func gap(in reading: StackReading?) -> String? {
    switch reading {
    case .unreadable(let reason): reason
    case .read(let stack): stack.cut
    case nil: nil
    }
  }

  /// One for each reason, in a fixed order.
  var limitations: [Limitation] {
    func sorted(_ spots: [String: Set<Int>]) -> [(reason: String, processes: Int)] {
      spots.map { ($0.key, $0.value.count) }.sorted { $0.reason < $1.reason }
    }
    return sorted(stacks).map { .stacksUnreadable(processes: $0.processes, reason: $0.reason) }
      + sorted(calls).map { .callsUnseen(processes: $0.processes, reason: $0.reason) }
  }
}
