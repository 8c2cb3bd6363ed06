/// A file that is about to be opened.
package struct FileOpen: Hashable, Sendable {
  /// Absolute.
  package var path: String
  /// nil if there is no such file.
  package var identity: FileIdentity?
  package var meaning: Meaning
  /// If a worker in its boot window opens a program: the statements that can end the interpreter
  /// when they are imported, in their order.
  package var exits: [SourceExcerpt.Statement] = []
  /// Whether such a program sets `sys.stdin` to None: its worker doesn't open `/dev/null` when it is
  /// ready.
  package var replacesInput = false

  /// What the open of a file shows about the process: decided once, when the event is made.
  package enum Meaning: String, Hashable, Sendable, CaseIterable {
    /// The process executes the user's code, or reads a script that a command line names.
    case program
    /// The process imports a module that starts workers by spawn or forkserver.
    case starter
    /// The process imports the module that forks workers, in its boot window.
    case forkStarter = "fork-starter"
    /// The boot window ends.
    case endOfBoot = "end-of-boot"
    /// Nothing: `--capture=all` asked for the event.
    case other
  }

  package init(path: String, identity: FileIdentity?, meaning: Meaning) {
    self.path = path
    self.identity = identity
    self.meaning = meaning
  }
}
