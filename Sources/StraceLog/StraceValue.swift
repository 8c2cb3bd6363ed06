internal import Bytes

/// Strings and lists as strace writes the arguments of calls.
extension StraceBytes {
  /// A string argument.
  struct Text {
    var bytes: [UInt8]
    /// Whether strace left out its end (-s).
    var isCut: Bool

    var text: String { String(exactly: bytes) }

    /// The text, with the dots behind it that strace puts there where it is cut.
    var marked: String { isCut ? text + "..." : text }
  }

  /// A quoted string, with the dots that may follow; nil where none begins here, or its end is missing.
  ///
  /// Its escapes are C's: octal ones have one to three digits, hexadecimal ones (-x) two.
  mutating func quoted() -> Text? {
    guard first == 0x22 else { return nil }
    var result: [UInt8] = []
    var index = 1
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 0x22 {
        drop(index)
        return Text(bytes: result, isCut: skip("..."))
      }
      guard byte == 0x5C else {
        result.append(byte)
        continue
      }
      guard index < bytes.count else { return nil }
      let escaped = bytes[index]
      index += 1
      switch escaped {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "v"): result.append(0x0B)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "x"):
        var value: UInt8 = 0
        var count = 0
        while count < 2, index < bytes.count, let digit = Self.hexadecimal(bytes[index]) {
          value = value << 4 | digit
          index += 1
          count += 1
        }
        result.append(value)
      case 0x30...0x37:
        var value = UInt16(escaped - 0x30)
        var count = 1
        while count < 3, index < bytes.count, (0x30...0x37).contains(bytes[index]) {
          value = value << 3 | UInt16(bytes[index] - 0x30)
          index += 1
          count += 1
        }
        result.append(UInt8(truncatingIfNeeded: value))
      default: result.append(escaped)
      }
    }
    return nil
  }

  /// A quoted string in which nothing is escaped, as it stands here; nil for others.
  @inline(__always)
  mutating func plainQuoted() -> (bytes: StraceBytes, isCut: Bool)? {
    guard first == 0x22 else { return nil }
    var rest = self
    rest.drop(1)
    guard let inside = rest.take(until: 0x22), inside.index(of: 0x5C) == nil else { return nil }
    self = rest
    return (inside, skip("..."))
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  /// A list of strings: `["a", "b"...]`, of which the last may be `...` where it is cut; nil where none
  /// begins here, or its end is missing.
  mutating func list() -> (texts: [Text], isCut: Bool)? {
    guard skip("[") else { return nil }
    var texts: [Text] = []
    while !skip("]") {
      if skip("...") {
        guard skip("]") else { return nil }
        return (texts, true)
      }
      guard let text = quoted() else { return nil }
      texts.append(text)
      _ = skip(", ")
    }
    return (texts, false)
  }
}
