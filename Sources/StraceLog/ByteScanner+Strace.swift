internal import Bytes

/// Strings, lists and names as strace writes them.
extension ByteScanner {
  /// Reads a quoted string with the dots that may follow; nil if the rest begins with something else, or
  /// the string has no end.
  ///
  /// Its escapes are C's: octal ones have one to three digits, hexadecimal ones (-x) two.
  mutating func quoted() -> StraceString? {
    guard first == UInt8(ascii: "\"") else { return nil }
    var result: [UInt8] = []
    var rest = self
    rest.skip(count: 1)
    while let byte = rest.first {
      rest.skip(count: 1)
      if byte == UInt8(ascii: "\"") {
        self = rest
        return StraceString(bytes: result, isCut: skip("..."))
      }
      if byte == UInt8(ascii: "\\") {
        guard let escaped = rest.escapedByte() else { return nil }
        result.append(escaped)
      } else {
        result.append(byte)
      }
    }
    return nil
  }

  /// Reads what follows a backslash; nil at the end.
  private mutating func escapedByte() -> UInt8? {
    guard let byte = first else { return nil }
    if (0x30...0x37).contains(byte) { return UInt8(truncatingIfNeeded: number(base: 8, digits: 3)) }
    skip(count: 1)
    switch byte {
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "v"): return 0x0B
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "x"): return UInt8(truncatingIfNeeded: number(base: 16, digits: 2))
    default: return byte
    }
  }

  /// Reads a number of up to so many digits; 0 if there isn't one.
  private mutating func number(base: UInt8, digits: Int) -> UInt16 {
    var value: UInt16 = 0
    var count = 0
    while count < digits, let digit = first?.hexadecimalDigit, digit < base {
      value = value * UInt16(base) + UInt16(digit)
      skip(count: 1)
      count += 1
    }
    return value
  }

  /// Reads a quoted string without escapes where it is, without a copy; nil for others.
  @inline(__always)
  mutating func plainQuoted() -> (bytes: UnsafeRawBufferPointer, isCut: Bool)? {
    guard first == UInt8(ascii: "\"") else { return nil }
    var rest = self
    rest.skip(count: 1)
    guard let inside = rest.read(until: UInt8(ascii: "\"")),
      inside.index(of: UInt8(ascii: "\\")) == nil
    else { return nil }
    self = rest
    return (inside.bytes, skip("..."))
  }

  /// Reads a list of strings, `["a", "b"...]`; the last one is `...` if the list is cut. nil if the rest
  /// begins with something else, or the list has no end.
  mutating func list() -> (strings: [StraceString], isCut: Bool)? {
    guard skip("[") else { return nil }
    var strings: [StraceString] = []
    while !skip("]") {
      if skip("...") {
        guard skip("]") else { return nil }
        return (strings, true)
      }
      guard let string = quoted() else { return nil }
      strings.append(string)
      _ = skip(", ")
    }
    return (strings, false)
  }

  /// Skips a `<name>`, which may itself have such brackets.
  mutating func skipName() {
    guard first == UInt8(ascii: "<") else { return }
    var depth = 0
    for index in bytes.indices {
      if bytes[index] == UInt8(ascii: "<") { depth += 1 }
      if bytes[index] == UInt8(ascii: ">") { depth -= 1 }
      if depth == 0 {
        skip(count: index + 1)
        return
      }
    }
  }

  /// Reads a decimal number that 32 bits hold, such as a thread's id or a descriptor.
  @inline(__always)
  mutating func int32() -> Int32? {
    decimal().flatMap { Int32(exactly: $0) }
  }
}

/// A string argument of a call.
struct StraceString {
  var bytes: [UInt8]
  /// Whether strace left out its end (-s).
  var isCut: Bool

  var text: String { String(exactly: bytes) }

  /// The text, with the dots that strace writes behind it if it is cut.
  var marked: String { isCut ? text + "..." : text }
}
