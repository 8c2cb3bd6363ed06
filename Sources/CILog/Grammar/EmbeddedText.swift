internal import Bytes

/// A program's text within a line: in a log of JSON objects (docker's `{"log":"...\n"}`, and programs
/// that log so), as Python's `repr` shows it in the message of a failed assertion, and in the commands
/// of TeamCity and GitHub.
enum EmbeddedText {
  /// The lines in an object's string; nil if the line isn't an object with a traceback.
  static func lines(in line: UnsafeRawBufferPointer) -> [[UInt8]]? {
    if line.contains("|n  File \"") { return command(line, escape: UInt8(ascii: "|")) }
    if line.contains("%0A  File \"") { return command(line, escape: UInt8(ascii: "%")) }
    // A text with both kinds of quotes, as each traceback is, stands between single ones.
    if let mark = line.range(of: "Traceback (most recent call last):\\n")?.lowerBound,
      line.contains("\\n  File \"")
    {
      return unescaped(line[mark...], until: UInt8(ascii: "'"))
    }
    guard let brace = line.firstIndex(of: UInt8(ascii: "{")) else { return nil }
    let object = UnsafeRawBufferPointer(rebasing: line[brace...])
    if let mark = object.range(of: "\\n  File \\\"")?.lowerBound,
      object.reversed().first(where: { $0 > 0x20 }) == UInt8(ascii: "}")
    {
      // The string that has the frame in it.
      return unescaped(object[beginning(object, before: mark)...], until: UInt8(ascii: "\""))
    }
    for key in keys {
      if let start = object.range(of: key)?.upperBound {
        return unescaped(object[start...], until: UInt8(ascii: "\""))
      }
    }
    return nil
  }

  /// The name and the text in a line that is a member of an object, as indented JSON has them:
  /// `    "message": "TEXT",`.
  static func member(_ line: UnsafeRawBufferPointer) -> (name: [UInt8], lines: [[UInt8]])? {
    let quote = UInt8(ascii: "\"")
    let text = line.drop { $0 == 0x20 || $0 == 0x09 }
    guard text.first == quote else { return nil }
    let name = text.dropFirst().prefix { $0 != quote && $0 != UInt8(ascii: "\\") }.prefix(
      longestName)
    let rest = text[(name.endIndex + 1 > text.endIndex ? text.endIndex : name.endIndex)...]
      .dropFirst()
    guard !name.isEmpty, rest.first == UInt8(ascii: ":") else { return nil }
    let value = rest.dropFirst().drop { $0 == 0x20 }
    // A long line's end isn't there.
    let last = value.last { $0 > 0x20 && $0 != 0x2C }
    guard value.first == quote, value.count > 1, last == quote || line.count == LogLines.longest
    else { return nil }
    return (Array(name), unescaped(value.dropFirst(), until: quote))
  }

  private static let longestName = 64

  /// The lines of a command in which `|n` or `%0A` stands for a line end.
  private static func command(_ line: UnsafeRawBufferPointer, escape: UInt8) -> [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    var rest = line[...]
    while let byte = rest.first {
      rest = rest.dropFirst()
      let isEscape = byte == escape
      if isEscape, escape == UInt8(ascii: "%"), let value = hexadecimal(rest.prefix(2)) {
        rest = rest.dropFirst(2)
        if value == 0x0A { lines.append([]) } else { lines[lines.count - 1].append(value) }
      } else if isEscape, escape == UInt8(ascii: "|"), let mark = rest.first {
        rest = rest.dropFirst()
        switch mark {
        case UInt8(ascii: "n"): lines.append([])
        case UInt8(ascii: "r"): break
        default: lines[lines.count - 1].append(mark)
        }
      } else {
        lines[lines.count - 1].append(byte)
      }
    }
    return lines
  }

  private static func hexadecimal(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt8? {
    let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard values.count == 2 else { return nil }
    return UInt8(values[0] * 16 + values[1])
  }

  /// The names that docker, Kubernetes, Google's hosts and loggers give a line.
  private static let keys: [StaticString] = [
    "\"log\":\"", "\"message\":\"", "\"msg\":\"", "\"textPayload\":\"",
    "\"log\": \"", "\"message\": \"", "\"msg\": \"", "\"textPayload\": \"",
  ]

  private static func beginning(_ object: UnsafeRawBufferPointer, before mark: Int) -> Int {
    var index = mark
    while index > 0 {
      if object[index - 1] == UInt8(ascii: "\""),
        index < 2 || object[index - 2] != UInt8(ascii: "\\")
      {
        return index
      }
      index -= 1
    }
    return 0
  }

  /// The lines of a string up to the quote that ends it.
  private static func unescaped(
    _ bytes: Slice<UnsafeRawBufferPointer>, until quote: UInt8
  ) -> [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    var isEscape = false
    for byte in bytes {
      if isEscape {
        isEscape = false
        switch byte {
        case UInt8(ascii: "n"): lines.append([])
        case UInt8(ascii: "r"): break
        case UInt8(ascii: "t"): lines[lines.count - 1].append(0x09)
        default: lines[lines.count - 1].append(byte)
        }
      } else if byte == UInt8(ascii: "\\") {
        isEscape = true
      } else if byte == quote {
        break
      } else {
        lines[lines.count - 1].append(byte)
      }
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
