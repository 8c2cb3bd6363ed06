/// The two kinds of commands, which differ in their statuses.
enum CommandKind: Hashable {
  /// Runs a command, and ends as that ends if all is well.
  case run
  /// Reads files, or only prints something.
  case other
}
