internal import Bytes

/// Questions about one line of a Python program and its statement.
package enum PythonLine {
  /// `line` without the white space around it.
  package static func trimmed(_ line: String) -> String {
    var kept = line.drop(while: \.isWhitespace)
    while kept.last?.isWhitespace == true {
      kept.removeLast()
    }
    return String(kept)
  }

  /// Whether `line` stands at the margin.
  package static func isAtMargin(_ line: String) -> Bool {
    line.first?.isWhitespace == false
  }

  /// The name of the function that a line begins to define; nil for other lines.
  package static func functionName(_ line: String) -> String? {
    var rest = Substring(line)
    if rest.hasPrefix("async ") { rest = rest.dropFirst(6) }
    guard rest.hasPrefix("def ") else { return nil }
    return String(rest.dropFirst(4).prefix { !"([ :".contains($0) })
  }

  /// Whether a line begins a top-level statement: it isn't indented, a comment, a closing bracket,
  /// or a later clause of a statement that began before.
  package static func beginsStatement(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first, !" \t#)]}\\\u{c}".utf8.contains(first) else { return false }
    for clause in ["else", "elif", "except", "finally"] where line.starts(with: clause.utf8) {
      let next = line.dropFirst(clause.utf8.count).first ?? 0x20
      if next == 0x20 || next == 0x3a || next == 0x28 || next == 0x2a { return false }
    }
    return true
  }

  /// Whether the statement that begins with `line` has further lines: it opens a block, leaves a
  /// bracket or a string open, or ends with a backslash.
  package static func continues(_ line: String) -> Bool {
    var scanner = Scanner(rest: Substring(line))
    return scanner.continues()
  }

  private struct Scanner {
    var rest: Substring
    var depth = 0
    var last: Character?

    mutating func continues() -> Bool {
      while let character = rest.first {
        switch character {
        case "#":
          rest = ""
        case "\"", "'":
          if !skipString(quote: character) {
            return true
          }
          last = character
        default:
          rest.removeFirst()
          read(character)
        }
      }
      return depth > 0 || last == ":" || last == "\\"
    }

    private mutating func read(_ character: Character) {
      switch character {
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      default: break
      }
      if !character.isWhitespace {
        last = character
      }
    }

    /// Skips the string that begins here; false if it does not end on this line.
    private mutating func skipString(quote: Character) -> Bool {
      let triple = String(repeating: quote, count: 3)
      let end = rest.hasPrefix(triple) ? triple : String(quote)
      rest.removeFirst(end.count)
      while !rest.isEmpty {
        if rest.hasPrefix(end) {
          rest.removeFirst(end.count)
          return true
        }
        rest.removeFirst(rest.first == "\\" ? min(2, rest.count) : 1)
      }
      return false
    }
  }

  /// Whether a program's text sets `sys.stdin` to None.
  package static func replacesInput(in source: [UInt8]) -> Bool {
    guard source.withUnsafeBytes({ $0.contains("stdin") && $0.contains("None") }) else {
      return false
    }
    return LogicalLines.of(source).contains { line in
      line.code.filter { $0 != " " }.contains("sys.stdin=None")
    }
  }
}
