/// Reads the numbers of a line of /proc/PID/maps, from left to right.
struct HexadecimalScanner {
  private(set) var rest: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>) {
    rest = line
  }

  /// A number in base 16 and the byte that ends it; nil where something else stands there.
  mutating func number(until end: UInt8) -> UInt64? {
    var value: UInt64 = 0
    var digits = 0
    while let byte = rest.popFirst() {
      switch byte {
      case end: return digits > 0 && digits <= 16 ? value : nil
      case 0x30...0x39: value = value << 4 | UInt64(byte - 0x30)
      case 0x61...0x66: value = value << 4 | UInt64(byte - 0x57)
      default: return nil
      }
      digits += 1
    }
    return nil
  }

  /// Goes behind the next such byte; false where there is none.
  mutating func skip(until end: UInt8) -> Bool {
    while let byte = rest.popFirst() {
      if byte == end { return true }
    }
    return false
  }
}
