/// Turns UTF-16 into UTF-8, in pieces of any size.
struct WideText: Sendable {
  let isBigEndian: Bool
  private var half: UInt8?
  private var high: UInt16?

  init(isBigEndian: Bool) {
    self.isBigEndian = isBigEndian
  }

  mutating func decoded(_ piece: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(piece.count)
    for byte in piece {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      let unit =
        isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
      add(unit, to: &result)
    }
    return result
  }

  private mutating func add(_ unit: UInt16, to result: inout [UInt8]) {
    if (0xD800..<0xDC00).contains(unit) {
      high = unit
      return
    }
    var value = UInt32(unit)
    if (0xDC00..<0xE000).contains(unit) {
      value = high.map { 0x10000 + (UInt32($0) - 0xD800) << 10 + UInt32(unit) - 0xDC00 } ?? 0xFFFD
    }
    high = nil
    if value < 0x80 {
      result.append(UInt8(value))
    } else {
      result.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
    }
  }
}
