/// Which system calls become events, and for which the stack is read. The raw values of the first two are
/// the words of `--capture`.
package enum Capture: String, Hashable, Sendable, CaseIterable {
  /// Those that a rule can use.
  case needed
  /// Every call that the filter picks, each with its Python stack.
  case all
  /// Those that a rule can use, without any stack: as a log of system calls has them.
  case withoutStacks = "without-stacks"
}
