/// Reads the hexadecimal numbers of a line from left to right, such as a line of /proc/PID/maps.
package struct HexadecimalScanner {
  package private(set) var rest: ArraySlice<UInt8>

  package init(_ line: ArraySlice<UInt8>) {
    rest = line
  }

  /// Reads a number in base 16 and the byte that ends it; nil if something else is there.
  package mutating func number(until end: UInt8) -> UInt64? {
    var value: UInt64 = 0
    var digits = 0
    while let byte = rest.popFirst() {
      if byte == end { return digits > 0 && digits <= 16 ? value : nil }
      guard let digit = byte.hexadecimalDigit else { return nil }
      value = value << 4 | UInt64(digit)
      digits += 1
    }
    return nil
  }

  /// Skips to behind the next such byte; false if there isn't one.
  package mutating func skip(until end: UInt8) -> Bool {
    while let byte = rest.popFirst() {
      if byte == end { return true }
    }
    return false
  }
}
