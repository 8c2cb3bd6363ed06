/// Which system calls become events, and of which the stack is read.
package enum Capture: Hashable, Sendable {
  /// What a rule can use.
  case needed
  /// Every call that the filter picks, each with its Python stack.
  case all
  /// What a rule can use, without any stack: as a log of system calls has it.
  case withoutStacks
}
