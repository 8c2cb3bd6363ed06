/// A change of a file after which importing it starts no processes, or one that calls the function
/// that a module has after its edit.
package struct GuardEdit: Hashable, Sendable {
  /// Lines that become others. An empty range inserts before `startLine`.
  package struct Edit: Hashable, Sendable {
    /// From 1.
    package var startLine: Int
    /// Inclusive; `startLine - 1` if the range is empty.
    package var endLine: Int
    /// With line ends.
    package var replacement: [UInt8]
  }

  /// Why the edit needs a look before it is used.
  package enum Doubt: Hashable, Sendable {
    /// The guard that statements go into has an `else`, which workers execute.
    case guardHasElse(line: Int)
    /// A star import binds what isn't known.
    case importsAll(line: Int)
    /// An `await`, `return` or `yield` that is in no function: the file isn't a plain module.
    case leavesModule(line: Int)
    /// A function or class needs what moves, and so moves. Workers don't have it then.
    case movesDefinition(name: String, line: Int)
    /// What workers may call needs a name that only the first process has after the edit.
    case workersNeed(name: String, line: Int)
    /// A definition that stays replaces a name that a statement above it uses.
    case bindsAgain(name: String, line: Int)
    /// The import is under a condition, or in a function: the call that is added isn't.
    case importIsConditional(line: Int)
    /// A function that has moved statements has their names in another place than the module.
    case readsNamespace(name: String, line: Int)
    /// `__all__` has a name that only what moves binds.
    case exportsMoved(name: String, line: Int)
    /// A name that a function declares `global` can't have an annotation there.
    case dropsAnnotation(name: String, line: Int)
    /// The module has these names only when its function has been called. Other files may need them
    /// while they are imported.
    case bindsLater(names: [String])
    /// A statement above is executed again in each worker, and may do or give something else there.
    case repeats(line: Int)
    /// Each worker makes an object of its own that processes are to share, and its functions use it.
    case ownCopy(name: String, line: Int)
    /// In this encoding a byte of Python's syntax can be a part of another character.
    case encoding(String)
  }

  package enum Applicability: Hashable, Sendable {
    case applies
    case needsReview(Doubt)
  }

  /// In the order of their lines, without overlaps.
  package var edits: [Edit]
  /// All reasons for a review.
  package var doubts: [Doubt]
  /// The statements that are under the guard, or in the function, after the edit, as indices. A guard that was joined is
  /// one of them.
  package var moved: [Int]

  package var applicability: Applicability {
    doubts.first.map { .needsReview($0) } ?? .applies
  }

  /// The file's bytes after the edit.
  package func applied(to file: PythonFile) -> [UInt8] {
    var result: [UInt8] = []
    var line = 1
    for edit in edits {
      result += file.bytes[file.offset(ofLine: line)..<file.offset(ofLine: edit.startLine)]
      result += edit.replacement
      line = edit.endLine + 1
    }
    return result + file.bytes[file.offset(ofLine: line)...]
  }
}

/// The edit, or why there is none.
package enum GuardProposal: Hashable, Sendable {
  package enum Advice: Hashable, Sendable {
    /// Python can't read the file, or the scanner can't.
    case unreadable
    /// The line is in no statement at the margin.
    case noStatement
    /// The line is under a guard: an import doesn't execute it.
    case alreadyGuarded
    /// The line is in the `else` of a guard: workers alone execute it.
    case onlyInWorkers
    /// The call of `freeze_support()` is there, as the guard's first statement.
    case alreadyFreezes
    /// What would move can't be in a function: a star import, or a `global` at the margin.
    case onlyForModules(line: Int)
    /// Nothing below the import needs what the module's function does.
    case nothingMoves
    /// The file has no guard, and no line was given that needs one.
    case noGuard
  }

  case edit(GuardEdit)
  case advice(Advice)
}
