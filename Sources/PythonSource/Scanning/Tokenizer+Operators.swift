// Operators and brackets.
extension Tokenizer {
  mutating func readOperator(_ byte: UInt8) {
    let start = position
    position += 1
    switch byte {
    case UInt8(ascii: "("): open(.paren, .parenOpen, start)
    case UInt8(ascii: "["): open(.square, .squareOpen, start)
    case UInt8(ascii: "{"): open(.brace, .braceOpen, start)
    case UInt8(ascii: ")"): close(.paren, .parenClose, start)
    case UInt8(ascii: "]"): close(.square, .squareClose, start)
    case UInt8(ascii: "}"): closeBrace(start)
    case UInt8(ascii: ","): add(.comma, from: start)
    case UInt8(ascii: ";"): add(.semicolon, from: start)
    case UInt8(ascii: "~"): add(.other, from: start)
    case UInt8(ascii: ":"): readColon(start)
    case UInt8(ascii: "."): readDots(start)
    case UInt8(ascii: "="): readEqual(start)
    case UInt8(ascii: "!"): readExclamation(start)
    case UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: ">"):
      readDoubled(byte, start)
    case UInt8(ascii: "-") where peek() == UInt8(ascii: ">"):
      position += 1
      add(.arrow, from: start)
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "%"), UInt8(ascii: "&"),
      UInt8(ascii: "|"), UInt8(ascii: "^"):
      readAugmented(.other, start)
    case UInt8(ascii: "@"): readAugmented(.at, start)
    default: list.isWhole = false
    }
  }

  private var isInField: Bool { brackets.last == .field || brackets.last == .fieldInFormat }

  private mutating func open(_ bracket: Bracket, _ kind: Token.Kind, _ start: Int) {
    brackets.append(bracket)
    add(kind, from: start)
  }

  private mutating func close(_ bracket: Bracket, _ kind: Token.Kind, _ start: Int) {
    add(kind, from: start)
    if brackets.last == bracket { brackets.removeLast() } else { list.isWhole = false }
  }

  private mutating func closeBrace(_ start: Int) {
    guard isInField else {
      close(.brace, .braceClose, start)
      return
    }
    let bracket = brackets.removeLast()
    add(.fieldClose, from: start)
    readFormatted(isInFormat: bracket == .fieldInFormat)
  }

  private mutating func readColon(_ start: Int) {
    // In a field a colon begins the format, also before `=`.
    if isInField {
      readFormatted(isInFormat: true)
    } else if peek() == UInt8(ascii: "=") {
      position += 1
      add(.walrus, from: start)
    } else {
      add(.colon, from: start)
    }
  }

  private mutating func readDots(_ start: Int) {
    if peek() == UInt8(ascii: "."), peek(1) == UInt8(ascii: ".") {
      position += 2
      add(.ellipsis, from: start)
    } else {
      add(.dot, from: start)
    }
  }

  private mutating func readEqual(_ start: Int) {
    if peek() == UInt8(ascii: "=") {
      position += 1
      add(.equality, from: start)
    } else if !isInField {
      add(.equal, from: start)
    }
    // `{value=}` prints the expression, too. It assigns nothing.
  }

  private mutating func readExclamation(_ start: Int) {
    if peek() == UInt8(ascii: "=") {
      position += 1
      add(.other, from: start)
    } else if isInField {
      // A conversion: `!r`.
      while peek() == 0x20 { position += 1 }
      if "rsa".utf8.contains(peek()) { position += 1 } else { list.isWhole = false }
    } else {
      list.isWhole = false
    }
  }

  /// `*`, `**`, `*=`, `**=` and the like.
  private mutating func readDoubled(_ byte: UInt8, _ start: Int) {
    let isDoubled = peek() == byte
    if isDoubled { position += 1 }
    if !isDoubled, byte == UInt8(ascii: "<"), peek() == UInt8(ascii: ">") { position += 1 }
    if !isDoubled, byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") {
      if peek() == UInt8(ascii: "=") { position += 1 }
      add(.other, from: start)
      return
    }
    let isStar = byte == UInt8(ascii: "*")
    readAugmented(isStar ? (isDoubled ? .doubleStar : .star) : .other, start)
  }

  private mutating func readAugmented(_ kind: Token.Kind, _ start: Int) {
    if peek() == UInt8(ascii: "=") {
      position += 1
      add(.augmented, from: start)
    } else {
      add(kind, from: start)
    }
  }
}
