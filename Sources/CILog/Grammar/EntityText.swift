internal import Bytes

/// The text of a line of XML or HTML, as JUnit's reports and pages of logs have it.
enum EntityText {
  /// Whether a line has a traceback's words with entities: only then others are read, too.
  static func isOfTraceback(_ line: UnsafeRawBufferPointer) -> Bool {
    words.contains { line.contains($0) }
  }

  private static let words: [StaticString] = [
    "File &quot;", "File &#34;", "in &lt;module&gt;", "File \"&lt;", "&lt;frozen ",
  ]

  /// The lines that a line's text has: `&#10;` ends one.
  static func lines(_ line: UnsafeRawBufferPointer) -> [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    var index = 0
    while index < line.count {
      let byte = line[index]
      if byte == UInt8(ascii: "&"), let (value, length) = entity(line, at: index) {
        switch value {
        case 0x0A: lines.append([])
        case 0x0D: break
        default: lines[lines.count - 1].append(value)
        }
        index += length
      } else {
        lines[lines.count - 1].append(byte)
        index += 1
      }
    }
    return lines
  }

  private static let names: [(name: StaticString, value: UInt8)] = [
    ("&lt;", 0x3C), ("&gt;", 0x3E), ("&quot;", 0x22), ("&amp;", 0x26), ("&apos;", 0x27),
    ("&nbsp;", 0x20),
  ]

  private static func entity(
    _ line: UnsafeRawBufferPointer, at index: Int
  ) -> (value: UInt8, length: Int)? {
    let rest = UnsafeRawBufferPointer(rebasing: line[index...].prefix(8))
    var scanner = ByteScanner(rest)
    for (name, value) in names where scanner.skip(name) { return (value, name.utf8CodeUnitCount) }
    guard scanner.skip("&#") else { return nil }
    let number = scanner.skip("x") ? hexadecimal(&scanner) : scanner.decimal().map { Int($0) }
    guard let number, number < 0x80, scanner.skip(";") else { return nil }
    return (UInt8(number), rest.count - scanner.bytes.count)
  }

  private static func hexadecimal(_ scanner: inout ByteScanner) -> Int? {
    var value: Int?
    while let byte = scanner.first, value ?? 0 < 0x80,
      let digit = Character(Unicode.Scalar(byte)).hexDigitValue
    {
      value = (value ?? 0) * 16 + digit
      scanner.skip(count: 1)
    }
    return value
  }
}
