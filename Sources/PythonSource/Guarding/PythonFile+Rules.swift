// What statements are to the selection.
/// What imports rely on without naming it.
enum Setting {
  /// `sys.path`
  case searchPath
  /// `os.environ`
  case environment
}

extension PythonFile {
  /// What a statement changes if it is a setting: it begins with `sys.path` or `os.environ`.
  func setting(of statement: Statement) -> Setting? {
    setting(at: statement.tokens.lowerBound, in: statement.tokens)
  }

  /// The settings that a statement names anywhere.
  func settings(in statement: Statement) -> Set<Setting> {
    Set(statement.tokens.compactMap { setting(at: $0, in: statement.tokens) })
  }

  private func setting(at index: Int, in tokens: Range<Int>) -> Setting? {
    guard index + 2 < tokens.upperBound, list.tokens[index + 1].kind == .dot,
      index == tokens.lowerBound || list.tokens[index - 1].kind != .dot
    else { return nil }
    let (module, name) = (list.tokens[index], list.tokens[index + 2])
    if module.isName(.sys) { return name.isName(.path) ? .searchPath : nil }
    guard module.isName(.os) else { return nil }
    let isEnvironment = name.isName(.environ) || name.isName(.getenv) || name.isName(.putenv)
    return isEnvironment ? .environment : nil
  }

  /// Whether a statement is `NAME = VALUE`, and the value takes no call, subscript or function.
  func isConstant(_ range: Range<Int>) -> Bool {
    let tokens = list.tokens[range]
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
    return bytes.count > 4 && bytes.starts(with: "__".utf8)
      && bytes.suffix(2).elementsEqual("__".utf8)
  }
}
