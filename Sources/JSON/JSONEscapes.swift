internal import Bytes

/// Escapes that keep a JSON text from doing anything on a terminal or in the log of a CI job. A reader
/// gets the same values.
package enum JSONEscapes {
  /// Returns a JSON text, valid UTF-8, with escapes for what may not be printed. What isn't ASCII, and
  /// `#`, only stands inside of strings; a carriage return only between values, where a blank does as
  /// well.
  package static func printable(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    guard
      text.contains(where: { $0 >= 0x7F || $0 == 0x0D }) || text.contains("##")
        || text.contains("section_") || text.contains("travis_")
    else {
      result += text
      return result
    }
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      // White space between values stays as it is.
      append(scalar == "\r" ? " " : scalar, to: &result) { $0.append($1) }
    }
    return result
  }

  /// Appends a character of a string, as an escape if it may not be printed.
  ///
  /// - Parameter ascii: Appends an ASCII character but DEL.
  static func append(
    _ scalar: Unicode.Scalar, to bytes: inout [UInt8],
    ascii: (inout [UInt8], UInt8) -> Void
  ) {
    if scalar.value < 0x7F {
      let byte = UInt8(scalar.value)
      if completesCommand(byte, behind: bytes) {
        appendEscape(UInt16(byte), to: &bytes)
      } else {
        ascii(&bytes, byte)
      }
    } else if scalar.isShown {
      bytes.append(contentsOf: String(scalar).utf8)
    } else {
      for unit in String(scalar).utf16 { appendEscape(unit, to: &bytes) }
    }
  }

  static func appendEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: #"\u"#.utf8)
    for shift in [12, 8, 4, 0] { bytes.append(digits[Int(unit >> shift) & 15]) }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// Whether an ASCII character behind a text makes the beginning of a command of a CI system complete;
  /// `LogCommand` of `Reporting` says which systems obey it.
  private static func completesCommand(_ byte: UInt8, behind bytes: [UInt8]) -> Bool {
    switch byte {
    case UInt8(ascii: "["): hasMarks(bytes)
    case UInt8(ascii: ":"): folds.contains { bytes.suffix($0.count).elementsEqual($0) }
    default: false
    }
  }

  private static let folds = ["section_start", "section_end", "travis_fold", "travis_time"]
    .map { Array($0.utf8) }

  /// Whether a text ends with `##`, or with that and a name, as in `##vso`.
  ///
  /// Characters outside ASCII are passed over, because .NET's comparison of texts ignores some.
  private static func hasMarks(_ bytes: [UInt8]) -> Bool {
    let isForeign: (UInt8) -> Bool = { $0 >= 0x80 }
    guard let second = bytes.lastIndex(where: { !isForeign($0) && !isLetter($0) }),
      bytes[second] == UInt8(ascii: "#"),
      let first = bytes[..<second].lastIndex(where: { !isForeign($0) })
    else { return false }
    return bytes[first] == UInt8(ascii: "#")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20)
  }
}
