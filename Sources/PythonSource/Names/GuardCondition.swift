/// Whether a condition is that of `if __name__ == "__main__":`.
enum GuardCondition {
  enum Meaning { case guards, guardsPartly, other }

  /// A worker's main module is named `__mp_main__`.
  static func meaning(of condition: Range<Int>, in list: TokenList, _ bytes: [UInt8]) -> Meaning {
    var range = condition
    while range.count > 2, isGroup(range, list) {
      range = (range.lowerBound + 1)..<(range.upperBound - 1)
    }
    if isGuard(range, list, bytes) { return .guards }
    // One operand of a chain of `and`.
    var parts: [Range<Int>] = []
    var start = range.lowerBound
    var depth = 0
    for index in range {
      let token = list.tokens[index]
      if token.kind.opens { depth += 1 }
      if token.kind.closes { depth -= 1 }
      guard depth == 0 else { continue }
      if token.isKeyword(.or) || token.isKeyword(.else) || token.isKeyword(.lambda) {
        return .other
      }
      if token.isKeyword(.and) {
        parts.append(start..<index)
        start = index + 1
      }
    }
    parts.append(start..<range.upperBound)
    return parts.count > 1 && parts.contains { isGuard($0, list, bytes) } ? .guardsPartly : .other
  }

  private static func isGroup(_ range: Range<Int>, _ list: TokenList) -> Bool {
    guard list.tokens[range.lowerBound].kind == .parenOpen,
      list.tokens[range.upperBound - 1].kind == .parenClose
    else { return false }
    var depth = 0
    for index in range.dropLast() {
      if list.tokens[index].kind.opens { depth += 1 }
      if list.tokens[index].kind.closes { depth -= 1 }
      if depth == 0 { return false }
    }
    return true
  }

  private static func isGuard(_ range: Range<Int>, _ list: TokenList, _ bytes: [UInt8]) -> Bool {
    guard range.count >= 3 else { return false }
    let first = list.tokens[range.lowerBound]
    let second = list.tokens[range.lowerBound + 1]
    let third = list.tokens[range.lowerBound + 2]
    if range.count == 3, second.kind == .equality {
      return first.isName(.dunderName) && isMain(third, bytes)
        || isMain(first, bytes) && third.isName(.dunderName)
    }
    guard second.isKeyword(.in) else { return false }
    if range.count == 3 { return isMain(first, bytes) && third.isName(.dunderName) }
    return first.isName(.dunderName) && third.kind.opens
      && isMainAlone((range.lowerBound + 3)..<(range.upperBound - 1), list, bytes)
  }

  /// Whether a tuple, list or set has `"__main__"` and no name of a worker's main module.
  private static func isMainAlone(
    _ range: Range<Int>, _ list: TokenList, _ bytes: [UInt8]
  ) -> Bool {
    var hasMain = false
    for token in list.tokens[range] where token.kind != .comma {
      guard token.kind == .string else { return false }
      if isMain(token, bytes) {
        hasMain = true
      } else if content(of: token, bytes).elementsEqual("__mp_main__".utf8) {
        return false
      }
    }
    // Without a comma it is one string, which contains `__main__` alone as a part.
    return hasMain
  }

  private static func isMain(_ token: Token, _ bytes: [UInt8]) -> Bool {
    token.kind == .string && content(of: token, bytes).elementsEqual("__main__".utf8)
  }

  static func content(of token: Token, _ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var text = bytes[Int(token.start)..<Int(token.end)]
    while let letter = text.first, letter != UInt8(ascii: "\""), letter != UInt8(ascii: "'") {
      text.removeFirst()
    }
    while let first = text.first, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'"),
      text.count > 1, text.last == first
    {
      text = text.dropFirst().dropLast()
    }
    return text
  }
}
