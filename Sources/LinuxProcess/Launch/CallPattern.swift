/// Which calls of one system call a filter picks out.
///
/// A filter sees numbers alone: it can't follow a pointer, so a path's text is the tracer's matter.
package struct CallPattern: Hashable, Sendable {
  package enum Condition: Hashable, Sendable {
    case always
    /// The low 32 bits of the argument at an index (from 0) are one of these.
    case argument(Int, isOneOf: [UInt32])
    /// The low 32 bits of the argument at an index (from 0) are greater, unsigned.
    case argumentAbove(Int, UInt32)
  }

  package var number: Int
  package var condition: Condition

  package init(number: Int, condition: Condition = .always) {
    self.number = number
    self.condition = condition
  }
}
