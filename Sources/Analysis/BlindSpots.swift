internal import TraceModel

/// What could have been a proof and couldn't be read: unknown is said as unknown.
struct BlindSpots: Sendable {
  /// The processes concerned, by the reason.
  private var processes: [String: Set<Int>] = [:]
  /// Those whose calls can't be seen.
  private var blinded: [String: Set<Int>] = [:]

  mutating func observe(_ event: Event, _ change: Change) {
    if case .blinded(let reason) = event.kind, change.process != 0 {
      blinded[reason, default: []].insert(change.process)
    }
    // Only the stack at a start proves something; others may be asked for before there is one.
    if change.kinds.contains(.openedStarter), let reason = Self.gap(in: event.stack) {
      processes[reason, default: []].insert(change.process)
    }
  }

  /// Why a stack isn't whole: what would prove a cycle is its outer part.
  private static func gap(in reading: StackReading?) -> String? {
    switch reading {
    case .unreadable(let reason): reason
    case .read(let stack): stack.cut
    case nil: nil
    }
  }

  /// A sentence for each reason, without its full stop.
  var descriptions: [String] {
    Self.sentences(processes) { whose, reason in
      """
      the Python stack of \(whose) could not be read (\(reason)), so that a re-execution cycle \
      there is inferred from system calls and texts alone
      """
    }
      + Self.sentences(blinded) { whose, reason in
        """
        what \(whose) opened and wrote could not be seen (\(reason)), so that a re-execution cycle \
        there is not found
        """
      }
  }

  private static func sentences(
    _ processes: [String: Set<Int>], _ sentence: (String, String) -> String
  ) -> [String] {
    processes.sorted { $0.key < $1.key }.map { reason, processes in
      sentence(processes.count == 1 ? "1 process" : "\(processes.count) processes", reason)
    }
  }
}
