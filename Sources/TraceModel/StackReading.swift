/// The result of reading a thread's Python stack.
package enum StackReading: Hashable, Sendable {
  /// Indirect, because events are many and most have no stack.
  indirect case read(PythonCallStack)
  /// The process has an interpreter, or should have one, but its stack can't be read; with a reason
  /// that can stand in a report ("no offsets for CPython 3.17").
  case unreadable(String)

  /// The frames, innermost first; empty if the stack could not be read.
  package var frames: [PythonFrame] {
    if case .read(let stack) = self { stack.frames } else { [] }
  }
}
