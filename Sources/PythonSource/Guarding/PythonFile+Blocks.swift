extension PythonFile {
  /// Whether a statement is a `try` or `if` with nothing in its blocks but imports, definitions and
  /// constants, as `try: import x` with `except ImportError: x = None`. Each has a line of its own.
  func isBlockOfDefinitions(_ statement: Statement) -> Bool {
    guard statement.kind == .other, !statement.isPartlyGuard,
      let first = list.tokens[statement.tokens].first, first.isKeyword(.try) || first.isKeyword(.if)
    else { return false }
    // The column of a definition. Lines further right are its body.
    var definition: Int?
    for line in list.lines[statement.lines] {
      if let column = definition, line.column > column { continue }
      definition = nil
      var tokens = line.tokens
      while tokens.count > 1, list.tokens[tokens.upperBound - 1].kind == .semicolon {
        tokens = tokens.lowerBound..<(tokens.upperBound - 1)
      }
      switch part(tokens) {
      case .definition: definition = line.column
      case .plain: continue
      case .other: return false
      }
    }
    return true
  }

  private enum Part { case definition, plain, other }

  private func part(_ tokens: Range<Int>) -> Part {
    let first = list.tokens[tokens.lowerBound]
    if first.kind == .at { return .plain }
    if first.kind == .name { return isConstant(tokens) ? .plain : .other }
    guard first.kind == .keyword else { return .other }
    switch Word(rawValue: first.name) {
    case .def, .class: return .definition
    case .async:
      let isFunction = tokens.count > 1 && list.tokens[tokens.lowerBound + 1].isKeyword(.def)
      return isFunction ? .definition : .other
    case .if, .elif, .else, .try, .except, .finally:
      return list.tokens[tokens.upperBound - 1].kind == .colon ? .plain : .other
    case .import, .from, .pass:
      return list.tokens[tokens].contains { $0.kind == .semicolon } ? .other : .plain
    default: return .other
    }
  }
}
