/// A system call with its arguments.
package struct SystemCall: Equatable {
  package typealias Arguments = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  package let number: Int
  package let arguments: Arguments
  /// The thread's `pthread_self()`; nil if the call was seen in a way that doesn't show it.
  package let threadPointer: UInt64?

  package init(number: Int, arguments: Arguments, threadPointer: UInt64?) {
    self.number = number
    self.arguments = arguments
    self.threadPointer = threadPointer
  }

  /// Whether it is the same call with the same arguments.
  package static func == (left: SystemCall, right: SystemCall) -> Bool {
    left.number == right.number && left.arguments == right.arguments
  }

  /// The argument at an index, from 0 to 5.
  package subscript(index: Int) -> UInt64 {
    switch index {
    case 0: arguments.0
    case 1: arguments.1
    case 2: arguments.2
    case 3: arguments.3
    case 4: arguments.4
    default: arguments.5
    }
  }
}
