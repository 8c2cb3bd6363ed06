// The patterns of `match` (PEP 634).
extension NameReader {
  /// Reads a pattern to its `if` or its colon.
  mutating func readPattern(from start: Int, to end: Int) -> Int {
    var depth = 0
    var index = start
    while index < end {
      let token = list.tokens[index]
      if token.kind.opens {
        depth += 1
      } else if token.kind.closes {
        depth -= 1
      } else if depth == 0, token.kind == .colon || token.isKeyword(.if) {
        break
      } else if token.kind == .name {
        readPatternName(token, at: index, end)
      }
      index += 1
    }
    return index
  }

  private mutating func readPatternName(_ token: Token, at index: Int, _ end: Int) {
    let next = index + 1 < end ? list.tokens[index + 1].kind : .other
    if list.tokens[index - 1].kind == .dot || next == .equal { return }
    if next == .dot || next == .parenOpen {
      uses.append(NameUse(name: token.name, isDeferred: false, isCalled: next == .parenOpen))
    } else if !token.isName(.underscore) {
      binds.append(token.name)
    }
  }
}
