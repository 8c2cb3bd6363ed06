/// The logical lines of a Python program (Reference, section 2.1.5), as far as one needs them to see
/// what an import executes: strings are emptied, comments left out, and lines in brackets joined.
///
/// It reads each byte once. A program that Python can't parse gives some lines or others.
struct LogicalLines {
  struct Line {
    /// From 1: its first line in the file.
    var number: Int
    /// The bytes of white space in front.
    var indentation: Int
    /// Without white space around it. Strings are `""`, but for those that are a name.
    var code: String
  }

  private var lines: [Line] = []
  private let bytes: [UInt8]
  private var position = 0
  private var number = 1
  private var code: [UInt8] = []
  private var depth = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  static func of(_ bytes: [UInt8]) -> [Line] {
    var reader = LogicalLines(bytes)
    // A byte order mark (PEP 263).
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { reader.position = 3 }
    while reader.position < bytes.count { reader.readLine() }
    return reader.lines
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func readLine() {
    var indentation = 0
    while let byte = next, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
      indentation += 1
      position += 1
    }
    let first = number
    code.removeAll(keepingCapacity: true)
    depth = 0
    readCode()
    while code.last == UInt8(ascii: " ") { code.removeLast() }
    if !code.isEmpty {
      lines.append(
        Line(
          number: first, indentation: indentation, code: String(decoding: code, as: UTF8.self)))
    }
  }

  /// Reads to the end of the logical line.
  private mutating func readCode() {
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\n"):
        number += 1
        if depth <= 0 { return }
        keepSpace()
      case UInt8(ascii: "\\") where next == UInt8(ascii: "\n"):
        position += 1
        number += 1
        keepSpace()
      case UInt8(ascii: "\\") where next == UInt8(ascii: "\r"):
        position = min(position + 2, bytes.count)
        number += 1
        keepSpace()
      case UInt8(ascii: "#"):
        while let byte = next, byte != UInt8(ascii: "\n") { position += 1 }
      case UInt8(ascii: "\""), UInt8(ascii: "'"): readString(quote: byte)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0c: keepSpace()
      default:
        if "([{".utf8.contains(byte) { depth += 1 }
        if ")]}".utf8.contains(byte) { depth -= 1 }
        code.append(byte)
      }
    }
  }

  /// White space is kept as one blank.
  private mutating func keepSpace() {
    if !code.isEmpty, code.last != UInt8(ascii: " ") { code.append(UInt8(ascii: " ")) }
  }

  private mutating func readString(quote: UInt8) {
    let isTriple =
      position + 1 < bytes.count && bytes[position] == quote && bytes[position + 1] == quote
    if isTriple { position += 2 }
    let start = position
    var end = bytes.count
    while let byte = next {
      if byte == UInt8(ascii: "\n") {
        // A string of one line that has no end.
        if !isTriple {
          end = position
          break
        }
        number += 1
      }
      position += 1
      if byte == UInt8(ascii: "\\") {
        // An escaped line end is a line, too. A raw string is read in the same way.
        if next == UInt8(ascii: "\n") { number += 1 }
        if next != nil { position += 1 }
      } else if byte == quote {
        let isEnd =
          !isTriple
          || position + 1 < bytes.count && bytes[position] == quote
            && bytes[position + 1] == quote
        guard isEnd else { continue }
        end = position - 1
        if isTriple { position += 2 }
        break
      }
    }
    keep(string: bytes[start..<max(start, end)])
  }

  /// A string that is a name may be one that a guard compares.
  private mutating func keep(string: ArraySlice<UInt8>) {
    let isName = string.count <= 32 && string.allSatisfy { PythonName.contains($0) }
    code.append(UInt8(ascii: "\""))
    if isName { code.append(contentsOf: string) }
    code.append(UInt8(ascii: "\""))
  }
}

/// The characters of names, as far as ASCII goes.
enum PythonName {
  static func contains(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }
}
