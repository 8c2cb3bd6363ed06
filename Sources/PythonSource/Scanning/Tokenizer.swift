/// Reads each byte of a Python file once. Bytes from 0x80 on belong to names: nothing is decoded.
///
/// A file that Python can't parse gives some tokens or others.
struct Tokenizer {
  /// What is open. A field's braces stand in an f-string, or in the format of another field.
  enum Bracket: UInt8 { case paren, square, brace, field, fieldInFormat }

  /// An f-string that is open.
  struct Formatted {
    var quote: UInt8
    var isTriple: Bool
    var isRaw: Bool
    var line: Int
  }

  var list = TokenList()
  let bytes: [UInt8]
  var position = 0
  var brackets: [Bracket] = []
  var formatted: [Formatted] = []
  private var lineToken = 0
  private var column = 0
  private var isAtLineStart = true

  /// Offsets have 32 bits.
  private static let sizeLimit = 1 << 30

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    list.tokens.reserveCapacity(bytes.count / 4)
    list.lineStarts = [0]
  }

  static func tokens(of bytes: [UInt8]) -> TokenList {
    var tokenizer = Tokenizer(bytes)
    guard bytes.count < sizeLimit else {
      tokenizer.list.isWhole = false
      return tokenizer.list
    }
    // A byte order mark (PEP 263).
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { tokenizer.position = 3 }
    while tokenizer.position < bytes.count { tokenizer.readNext() }
    if !tokenizer.brackets.isEmpty || !tokenizer.formatted.isEmpty {
      tokenizer.list.isWhole = false
    }
    tokenizer.endLogicalLine()
    if tokenizer.list.lineStarts.last == bytes.count { tokenizer.list.lineStarts.removeLast() }
    return tokenizer.list
  }

  /// The byte at that distance; 0 behind the end.
  @inline(__always)
  func peek(_ distance: Int = 0) -> UInt8 {
    let index = position + distance
    return index < bytes.count ? bytes[index] : 0
  }

  @inline(__always)
  mutating func add(_ kind: Token.Kind, from start: Int, line: Int? = nil, name: Int32 = -1) {
    list.tokens.append(
      Token(
        kind: kind, start: Int32(start), end: Int32(position),
        line: Int32(line ?? list.lineStarts.count), name: name))
  }

  // MARK: Lines

  /// Skips a line end: LF, CR LF or CR.
  mutating func skipLineEnd() {
    if peek() == 0x0d, peek(1) == 0x0a { position += 1 }
    position += 1
    list.lineStarts.append(position)
  }

  private mutating func endLogicalLine() {
    if list.tokens.count > lineToken {
      list.lines.append(LogicalLine(tokens: lineToken..<list.tokens.count, column: column))
    }
    lineToken = list.tokens.count
    isAtLineStart = true
  }

  private mutating func readIndentation() {
    column = 0
    while true {
      switch peek() {
      case 0x20: column += 1
      case 0x09: column = (column / 8 + 1) * 8
      case 0x0c: column = 0
      default:
        isAtLineStart = false
        return
      }
      position += 1
    }
  }

  // MARK: Tokens

  private mutating func readNext() {
    if isAtLineStart { readIndentation() }
    guard position < bytes.count else { return }
    let byte = bytes[position]
    switch byte {
    case 0x20, 0x09, 0x0c: position += 1
    case 0x0a, 0x0d:
      skipLineEnd()
      if brackets.isEmpty { endLogicalLine() }
    case UInt8(ascii: "#"):
      while position < bytes.count, bytes[position] != 0x0a, bytes[position] != 0x0d {
        position += 1
      }
    case UInt8(ascii: "\\"):
      position += 1
      if peek() == 0x0a || peek() == 0x0d { skipLineEnd() } else { list.isWhole = false }
    case UInt8(ascii: "\""), UInt8(ascii: "'"): readString(from: position, prefix: [])
    case 0x30...0x39: readNumber()
    case UInt8(ascii: "."):
      if (0x30...0x39).contains(peek(1)) { readNumber() } else { readOperator(byte) }
    case 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), 0x80...: readName()
    default: readOperator(byte)
    }
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }

  private mutating func readName() {
    let start = position
    while position < bytes.count, Self.isInName(bytes[position]) { position += 1 }
    let byte = peek()
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), position - start <= 2,
      bytes[start..<position].allSatisfy({ "bBfFrRtTuU".utf8.contains($0) })
    {
      readString(from: start, prefix: bytes[start..<position])
      return
    }
    let name = list.names.number(of: bytes[start..<position])
    add(Word.isKeyword(name) ? .keyword : .name, from: start, name: name)
  }

  /// Reads a number, and no letter of a keyword that may follow without a space: `1if x else 2`.
  private mutating func readNumber() {
    let start = position
    let radix = peek(1) | 0x20
    if peek() == UInt8(ascii: "0"), "xob".utf8.contains(radix) {
      position += 2
      while isHexadecimal(peek()) || peek() == UInt8(ascii: "_") {
        if radix != UInt8(ascii: "x"), !(0x30...0x39).contains(peek()), peek() != 0x5f { break }
        position += 1
      }
    } else {
      skipDigits()
      if peek() == UInt8(ascii: ".") {
        position += 1
        skipDigits()
      }
      if peek() | 0x20 == UInt8(ascii: "e") {
        let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
        if (0x30...0x39).contains(peek(1 + sign)) {
          position += 1 + sign
          skipDigits()
        }
      }
      if peek() | 0x20 == UInt8(ascii: "j") { position += 1 }
    }
    add(.number, from: start)
  }

  private func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }

  private mutating func skipDigits() {
    while (0x30...0x39).contains(peek()) || peek() == UInt8(ascii: "_") { position += 1 }
  }
}
