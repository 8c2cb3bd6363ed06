/// A line's text without what terminals and CI hosts mark in it: CSI and OSC sequences, and the APC
/// of Buildkite's agent (`ESC _bk;t=MILLISECONDS BEL`).
enum PlainText {
  /// Removes the marks. Returns the milliseconds since 1970 that Buildkite's agent has put there.
  static func strip(_ line: UnsafeRawBufferPointer, into result: inout [UInt8]) -> Int64? {
    result.removeAll(keepingCapacity: true)
    var stamp: Int64?
    var index = 0
    while index < line.count {
      let byte = line[index]
      guard byte == 0x1B else {
        if byte == 0x08, !result.isEmpty {
          result.removeLast()
        } else if byte >= 0x20 || byte == 0x09 {
          result.append(byte)
        }
        index += 1
        continue
      }
      index += 1
      guard index < line.count else { break }
      switch line[index] {
      case UInt8(ascii: "["): index = endOfControl(line, index + 1)
      case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "^"):
        index = endOfString(line, index + 1)
      case UInt8(ascii: "_"):
        let end = endOfString(line, index + 1)
        stamp = stamp ?? milliseconds(line, index + 1, end)
        index = end
      default: index += 1
      }
    }
    return stamp
  }

  /// The index behind a CSI sequence. Its last byte is 0x40 to 0x7E (ECMA-48).
  private static func endOfControl(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    while index < line.count, !(0x40...0x7E).contains(line[index]) {
      // Not a sequence: keep the text.
      if line[index] < 0x20 { return index }
      index += 1
    }
    return min(index + 1, line.count)
  }

  /// The index behind a string that BEL or ESC \ ends.
  private static func endOfString(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    while index < line.count {
      if line[index] == 0x07 { return index + 1 }
      if line[index] == 0x1B {
        return index + 1 < line.count && line[index + 1] == UInt8(ascii: "\\") ? index + 2 : index
      }
      index += 1
    }
    return index
  }

  private static func milliseconds(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Int64? {
    let part = line[start..<end]
    guard part.starts(with: "bk;t=".utf8) else { return nil }
    let digits = part.dropFirst(5).prefix { (0x30...0x39).contains($0) }
    return digits.count < 16 ? Int64(String(decoding: digits, as: UTF8.self)) : nil
  }
}
