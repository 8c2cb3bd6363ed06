/// Which statements go under the guard with one of them.
///
/// The statement goes as a whole, and so does everything below it, except definitions and imports
/// that need nothing of what has moved when they are executed. What stands above stays, as do
/// settings of `sys.path` and `os.environ`, and constants that definitions use: workers need them.
struct Selection {
  let file: PythonFile
  let units: [Unit]
  /// The first unit that moves.
  let culprit: Int
  /// The units that move, but for guards that are joined.
  private(set) var moved = Set<Int>()
  /// The guards below that what moves goes into.
  private(set) var joined = Set<Int>()
  /// Names that only what moves binds, or what stays, too.
  private(set) var names = Set<Int32>()

  init(_ file: PythonFile, _ units: [Unit], culprit: Int) {
    self.file = file
    self.units = units
    self.culprit = culprit
    let used = Self.namesOfDefinitions(file)
    for index in culprit..<units.count {
      let statements = file.contents[units[index].statements]
      if index > culprit {
        if statements.count == 1, statements.first?.kind == .mainGuard {
          joined.insert(index)
          names.formUnion(statements.flatMap(\.binds))
          continue
        }
        if statements.allSatisfy({ stays($0, used) }) { continue }
      }
      moved.insert(index)
      names.formUnion(statements.flatMap(\.binds))
    }
  }

  private func stays(_ statement: Statement, _ used: Set<Int32>) -> Bool {
    let needsMoved = statement.uses.contains { !$0.isDeferred && names.contains($0.name) }
    if needsMoved { return false }
    return statement.isDefinition || file.isSetting(statement)
      || file.isConstant(statement)
        && statement.binds.contains { used.contains($0) || file.isSpecial($0) }
  }

  private static func namesOfDefinitions(_ file: PythonFile) -> Set<Int32> {
    var names = Set<Int32>()
    for statement in file.contents
    where statement.kind == .function || statement.kind == .classDefinition {
      names.formUnion(statement.uses.map(\.name))
    }
    return names
  }
}

extension PythonFile {
  /// Whether a statement changes where modules are found, or the environment: imports below it, and
  /// workers, rely on it.
  func isSetting(_ statement: Statement) -> Bool {
    let tokens = list.tokens[statement.tokens].prefix(3)
    guard tokens.count == 3, let first = tokens.first, let third = tokens.last,
      tokens.dropFirst().first?.kind == .dot
    else { return false }
    return first.isName(.sys) && third.isName(.path)
      || first.isName(.os) && third.isName(.environ)
  }

  /// Whether a statement is `NAME = VALUE`, and the value takes no call, subscript or function.
  func isConstant(_ statement: Statement) -> Bool {
    let tokens = list.tokens[statement.tokens]
    guard let first = tokens.first, first.kind == .name, let second = tokens.dropFirst().first,
      second.kind == .equal || second.kind == .colon,
      let equal = tokens.firstIndex(where: { $0.kind == .equal })
    else { return false }
    for index in (equal + 1)..<tokens.endIndex {
      let token = tokens[index]
      switch token.kind {
      case .name, .number, .string, .byteString, .comma, .colon, .dot, .other, .star, .doubleStar,
        .equality, .parenClose, .squareClose, .braceOpen, .braceClose, .ellipsis:
        continue
      case .parenOpen, .squareOpen: if tokens[index - 1].isOperand { return false }
      case .keyword:
        if Word(rawValue: token.name).map(Self.isOperator) != true { return false }
      default: return false
      }
    }
    return true
  }

  private static func isOperator(_ word: Word) -> Bool {
    switch word {
    case .and, .or, .not, .in, .is, .if, .else, .none, .yes, .no: true
    default: false
    }
  }

  /// A name like `__all__`.
  func isSpecial(_ name: Int32) -> Bool {
    let bytes = list.names.bytes(of: name)
    return bytes.count > 4 && bytes.starts(with: "__".utf8) && bytes.suffix(2).elementsEqual("__".utf8)
  }
}
