/// The system calls that become events, and those for which a stack is read. The raw values of the
/// first two are the words of `--capture`.
package enum Capture: String, Hashable, Sendable, CaseIterable {
  /// Calls that a rule can use.
  case needed
  /// Every call that the filter picks, each with its Python stack.
  case all
  /// Calls that a rule can use, without any stack: as a log of system calls has them.
  case withoutStacks = "without-stacks"
}
