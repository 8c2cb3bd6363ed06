internal import Glibc

/// A part of the log, read from its beginning on. It lives as long as the piece that it is in.
struct StraceBytes {
  private(set) var bytes: UnsafeRawBufferPointer

  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  @inline(__always)
  var isEmpty: Bool { bytes.isEmpty }

  @inline(__always)
  var first: UInt8? { bytes.first }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  @inline(__always)
  mutating func drop(_ count: Int) {
    bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
  }

  @inline(__always)
  func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count >= count else { return false }
    for index in 0..<count where bytes[index] != text.utf8Start[index] { return false }
    return true
  }

  /// Whether these bytes, and nothing else.
  @inline(__always)
  static func == (bytes: StraceBytes, text: StaticString) -> Bool {
    bytes.bytes.count == text.utf8CodeUnitCount && bytes.starts(with: text)
  }

  /// Goes behind a text, where it stands here.
  @inline(__always)
  mutating func skip(_ text: StaticString) -> Bool {
    guard starts(with: text) else { return false }
    drop(text.utf8CodeUnitCount)
    return true
  }

  @inline(__always)
  mutating func skipSpaces() {
    var count = 0
    while count < bytes.count, bytes[count] == 0x20 { count += 1 }
    drop(count)
  }

  /// A decimal number that 64 bits hold; nil where none begins here.
  @inline(__always)
  mutating func number() -> UInt64? {
    var value: UInt64 = 0
    var count = 0
    while count < bytes.count, count < 19 {
      let digit = bytes[count] &- 0x30
      guard digit < 10 else { break }
      value = value * 10 + UInt64(digit)
      count += 1
    }
    guard count > 0 else { return nil }
    drop(count)
    return value
  }

  /// The part of a second behind a point, in nanoseconds; 0 where there is none.
  mutating func fraction() -> UInt64 {
    guard skip(".") else { return 0 }
    var value: UInt64 = 0
    var weight: UInt64 = 100_000_000
    while let digit = bytes.first.map({ $0 &- 0x30 }), digit < 10 {
      value += UInt64(digit) * weight
      weight /= 10
      drop(1)
    }
    return value
  }

  /// Goes behind a `<name>`, which may itself have such brackets.
  mutating func skipName() {
    guard first == 0x3C else { return }
    var depth = 0
    for index in bytes.indices {
      if bytes[index] == 0x3C { depth += 1 }
      if bytes[index] == 0x3E { depth -= 1 }
      if depth == 0 {
        drop(index + 1)
        return
      }
    }
  }

  /// Where the byte stands first: memchr(3).
  @inline(__always)
  func index(of byte: UInt8) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base, Int32(byte), bytes.count) else {
      return nil
    }
    return UnsafeRawPointer(found) - base
  }

  /// What stands before the next of these bytes; goes behind it. nil where it doesn't come.
  mutating func take(until byte: UInt8) -> StraceBytes? {
    guard let end = index(of: byte) else { return nil }
    let part = StraceBytes(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
    drop(end + 1)
    return part
  }

  /// Whether a text stands somewhere in it.
  func contains(_ text: StaticString) -> Bool {
    var rest = self
    while let start = rest.index(of: text.utf8Start[0]) {
      rest.drop(start)
      if rest.starts(with: text) { return true }
      rest.drop(1)
    }
    return false
  }

  /// What stands behind the last of these texts; nil where there is none.
  func behindLast(_ text: StaticString) -> StraceBytes? {
    let count = text.utf8CodeUnitCount
    var start = bytes.count - count
    while start >= 0 {
      let part = StraceBytes(UnsafeRawBufferPointer(rebasing: bytes[start...]))
      if part.starts(with: text) {
        return StraceBytes(UnsafeRawBufferPointer(rebasing: bytes[(start + count)...]))
      }
      start -= 1
    }
    return nil
  }
}
