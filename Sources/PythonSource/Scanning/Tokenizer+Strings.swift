// Strings, and the fields of f-strings and t-strings, which may hold the same quotes since 3.12.
extension Tokenizer {
  /// Reads a string from its quote on, which is the next byte.
  mutating func readString(from start: Int, prefix: ArraySlice<UInt8>) {
    let line = list.lineStarts.count
    let quote = peek()
    let isTriple = peek(1) == quote && peek(2) == quote
    position += isTriple ? 3 : 1
    let letters = prefix.map { $0 | 0x20 }
    if letters.contains(UInt8(ascii: "f")) || letters.contains(UInt8(ascii: "t")) {
      add(.formattedStart, from: start, line: line)
      formatted.append(
        Formatted(
          quote: quote, isTriple: isTriple, isRaw: letters.contains(UInt8(ascii: "r")), line: line))
      readFormatted(isInFormat: false)
      return
    }
    skipString(quote, isTriple)
    add(
      letters.contains(UInt8(ascii: "b")) ? .byteString : .string, from: start, line: line)
    noteStringLines(since: line)
  }

  private mutating func noteStringLines(since line: Int) {
    let last = list.lineStarts.count
    // A string in a field of an f-string is a part of that.
    if last > line, formatted.isEmpty { list.stringLines.append((line + 1)...last) }
  }

  /// Skips to behind the closing quotes.
  private mutating func skipString(_ quote: UInt8, _ isTriple: Bool) {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        if skipQuotes(quote, isTriple) { return }
        position += 1
      } else if byte == 0x0a || byte == 0x0d {
        // A string of one line that has no end.
        if !isTriple { break }
        skipLineEnd()
      } else if byte == UInt8(ascii: "\\") {
        skipEscape()
      } else {
        position += 1
      }
    }
    list.isWhole = false
  }

  /// Skips a backslash and what it keeps from its meaning. An escaped line end is a line, too.
  private mutating func skipEscape() {
    position += 1
    if peek() == 0x0a || peek() == 0x0d {
      skipLineEnd()
    } else if position < bytes.count {
      position += 1
    }
  }

  private mutating func skipQuotes(_ quote: UInt8, _ isTriple: Bool) -> Bool {
    guard !isTriple || peek(1) == quote && peek(2) == quote else { return false }
    position += isTriple ? 3 : 1
    return true
  }

  /// Reads an f-string's text, or a field's format, to the next field or to its end.
  mutating func readFormatted(isInFormat: Bool) {
    guard let string = formatted.last else {
      list.isWhole = false
      return
    }
    var isInFormat = isInFormat
    while position < bytes.count {
      switch bytes[position] {
      case string.quote where skipQuotes(string.quote, string.isTriple):
        endFormatted(string, isBroken: isInFormat)
        return
      case 0x0a, 0x0d:
        if !string.isTriple {
          endFormatted(string, isBroken: true)
          return
        }
        skipLineEnd()
      case UInt8(ascii: "\\"): skipEscape(in: string)
      case UInt8(ascii: "{"):
        position += 1
        if !isInFormat, peek() == UInt8(ascii: "{") {
          position += 1
          continue
        }
        add(.fieldOpen, from: position - 1)
        brackets.append(isInFormat ? .fieldInFormat : .field)
        return
      case UInt8(ascii: "}") where isInFormat:
        position += 1
        add(.fieldClose, from: position - 1)
        isInFormat = brackets.popLast() == .fieldInFormat
      default: position += 1
      }
    }
    list.isWhole = false
  }

  private mutating func skipEscape(in string: Formatted) {
    let next = peek(1)
    // A backslash doesn't take a brace's meaning: `\{x}` has a field, `\N{DASH}` has none.
    if next == UInt8(ascii: "{") || next == UInt8(ascii: "}") {
      position += 1
    } else if !string.isRaw, next == UInt8(ascii: "N"), peek(2) == UInt8(ascii: "{") {
      position += 3
      while position < bytes.count, bytes[position] != UInt8(ascii: "}"),
        bytes[position] != string.quote, bytes[position] != 0x0a
      {
        position += 1
      }
      if peek() == UInt8(ascii: "}") { position += 1 }
    } else {
      skipEscape()
    }
  }

  private mutating func endFormatted(_ string: Formatted, isBroken: Bool) {
    formatted.removeLast()
    add(.formattedEnd, from: position)
    if isBroken { list.isWhole = false }
    noteStringLines(since: string.line)
  }
}
