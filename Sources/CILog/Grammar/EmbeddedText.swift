internal import Bytes

/// A program's text within a line: in a log of JSON objects (docker's `{"log":"...\n"}`, and programs
/// that log so), and as Python's `repr` shows it in the message of a failed assertion.
enum EmbeddedText {
  /// The lines in an object's string; nil if the line isn't an object with a traceback.
  static func lines(in line: UnsafeRawBufferPointer) -> [[UInt8]]? {
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
