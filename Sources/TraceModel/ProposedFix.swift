/// The change of the program's files that takes a fault away, as it was when the fault was found.
///
/// It is made of the program's text, which a replay may lack, and so it is recorded.
package struct ProposedFix: Hashable, Sendable {
  /// What the change does.
  package enum Form: String, Hashable, Sendable {
    /// Statements of the main script go under its guard.
    case `guard`
    /// `freeze_support()` is called first under the guard.
    case freeze
    /// Statements of an imported module go into a function, which the main script calls under its
    /// guard.
    case function
  }

  /// Why the change needs a look before it is used.
  package struct Doubt: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
      /// The guard that statements go into has an `else`, which workers execute.
      case guardHasElse = "guard-has-else"
      /// A star import binds what isn't known.
      case importsAll = "imports-all"
      /// An `await`, `return` or `yield` that is in no function.
      case leavesModule = "leaves-module"
      /// A function or class needs what moves, and so moves. Workers don't have it then.
      case movesDefinition = "moves-definition"
      /// What workers may call needs a name that only the first process has after the change.
      case workersNeed = "workers-need"
      /// A definition that stays replaces a name that a statement above it uses.
      case bindsAgain = "binds-again"
      /// A byte of Python's syntax can be a part of another character in the file's encoding, which
      /// is the name.
      case encoding
      /// The import of an edited module is under a condition, or in a function: the call that is
      /// added isn't.
      case importIsConditional = "import-is-conditional"
      /// A function that has moved statements has their names in another place than the module,
      /// and the name is that of `globals` or the like.
      case readsNamespace = "reads-namespace"
      /// `__all__` has a name that only what moves binds.
      case exportsMoved = "exports-moved"
      /// A name that a function declares `global` can't have an annotation there.
      case dropsAnnotation = "drops-annotation"
      /// The module has this name only when its function has been called. Other files may need it
      /// while they are imported.
      case bindsLater = "binds-later"
      /// A statement above is executed again in each worker, and may do or give something else
      /// there.
      case repeats
      /// Each worker makes an object of its own that processes are to share, and its functions use
      /// it.
      case ownCopy = "own-copy"
      /// The run with the change did not end well.
      case trial
      /// One that only a later version knows.
      case other
      /// A line holds a secret, which is left out.
      case redacted
    }

    package var kind: Kind
    package var name: String?
    /// From 1.
    package var line: Int?
    /// The file, absolute; nil if it is the fault's.
    package var path: String?

    package init(_ kind: Kind, name: String? = nil, line: Int? = nil, path: String? = nil) {
      self.kind = kind
      self.name = name
      self.line = line
      self.path = path
    }
  }

  /// A run with the changed files.
  package struct Trial: Hashable, Sendable {
    /// The verdict of its report.
    package var verdict: String
    /// How its command ended; nil if spawntrace ended it.
    package var termination: Termination?

    package init(verdict: String, termination: Termination?) {
      self.verdict = verdict
      self.termination = termination
    }
  }

  package var form: Form
  /// The file of the statement that the fault is about, absolute.
  package var path: String
  /// The statement's line there, from 1.
  package var line: Int
  /// The changes of each file.
  package var files: [FileChange]
  package var doubts: [Doubt]
  /// nil if it wasn't tried.
  package var trial: Trial?

  package init(
    _ form: Form, path: String, line: Int, files: [FileChange], doubts: [Doubt] = []
  ) {
    self.form = form
    self.path = path
    self.line = line
    self.files = files
    self.doubts = doubts
  }
}
