/// A statement at the margin of a file, with its block, its decorators and its further clauses.
struct Statement {
  enum Kind: String {
    case function = "def"
    case classDefinition = "class"
    case importModule = "import"
    case importFrom = "from-import"
    case importFuture = "future-import"
    case docstring
    /// `if __name__ == "__main__":` and other ways to write it.
    case mainGuard = "guard"
    case other
  }

  var kind: Kind
  /// From 1; decorators belong to it.
  var firstLine: Int
  var lastLine = 0
  var tokens: Range<Int>
  /// Its logical lines, as indices. Statements joined by `;` share theirs.
  var lines: Range<Int>

  /// Names that it gives a value in the module when it is executed: by assignment, import,
  /// definition and so on. `del` is one of these, too.
  var binds: [Int32] = []
  /// Names that functions in it declare as `global`.
  var bindsLater: [Int32] = []
  var uses: [NameUse] = []
  /// Whether it has `from NAME import *`, which binds what isn't known.
  var importsAll = false
  /// Whether it has an `await`, `return` or `yield` that is in no function.
  var leavesModule = false
  /// Whether it has what a function can't have: a `global` at the margin, which would follow uses.
  var isOnlyForModules = false
  /// Annotations of names that are in no function or class: `x: int = 1`.
  var annotations: [Annotation] = []
  /// Whether its condition is a guard's and more: `__name__ == "__main__" and ...`.
  var isPartlyGuard = false

  var allBinds: [Int32] { binds + bindsLater }

  /// Whether it is a definition or an import: what may stay when statements above it move.
  var isDefinition: Bool {
    switch kind {
    case .function, .classDefinition, .importModule, .importFrom, .importFuture: true
    case .docstring, .mainGuard, .other: false
    }
  }
}

/// An annotated name of the module.
struct Annotation {
  var name: Int32
  /// From the name to the equals sign, or to the end if there is no value.
  var tokens: Range<Int>
  var hasValue: Bool
}

/// A name that a statement reads from the module.
struct NameUse: Hashable {
  var name: Int32
  /// Whether a function's body reads it, which happens when the function is called.
  var isDeferred: Bool
  /// Whether it is called there, and so doesn't go elsewhere as a value.
  var isCalled: Bool
}
