/// The calls of one number that a filter picks.
///
/// A filter sees numbers alone and can't follow a pointer: the tracer has to read a path's text.
package struct CallPattern: Hashable, Sendable {
  package indirect enum Condition: Hashable, Sendable {
    case always
    /// The low 32 bits of the argument at an index (from 0) are one of these.
    case argument(Int, isOneOf: [UInt32])
    /// The low 32 bits of the argument at an index (from 0) are greater, unsigned.
    case argumentAbove(Int, UInt32)
    /// All of these, which must not contain an `anyOf`.
    case allOf([Condition])
    case anyOf([Condition])
  }

  package var number: Int
  package var condition: Condition

  package init(number: Int, condition: Condition = .always) {
    self.number = number
    self.condition = condition
  }

  /// Whether the filter picks this call.
  package func matches(_ call: SystemCall) -> Bool {
    number == call.number && condition.holds(for: call)
  }
}

extension CallPattern.Condition {
  fileprivate func holds(for call: SystemCall) -> Bool {
    switch self {
    case .always: true
    case .argument(let index, isOneOf: let values):
      values.contains(UInt32(truncatingIfNeeded: call[index]))
    case .argumentAbove(let index, let limit): UInt32(truncatingIfNeeded: call[index]) > limit
    case .allOf(let conditions): conditions.allSatisfy { $0.holds(for: call) }
    case .anyOf(let conditions): conditions.contains { $0.holds(for: call) }
    }
  }
}
