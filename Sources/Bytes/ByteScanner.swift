internal import Glibc

/// Reads text in memory from left to right, without copying it. It is valid as long as the memory is.
package struct ByteScanner {
  /// What has not been read yet.
  package private(set) var bytes: UnsafeRawBufferPointer

  @inlinable @inline(__always)
  package init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  @inlinable @inline(__always)
  package var isEmpty: Bool { bytes.isEmpty }

  @inlinable @inline(__always)
  package var first: UInt8? { bytes.first }

  /// The text, with U+FFFD for what isn't UTF-8.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  @inlinable @inline(__always)
  package func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count >= count else { return false }
    for index in 0..<count where bytes[index] != text.utf8Start[index] { return false }
    return true
  }

  /// Whether the rest is this text.
  @inlinable @inline(__always)
  package static func == (scanner: ByteScanner, text: StaticString) -> Bool {
    scanner.bytes.count == text.utf8CodeUnitCount && scanner.starts(with: text)
  }

  // MARK: Skipping

  @inlinable @inline(__always)
  package mutating func skip(count: Int) {
    bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
  }

  /// Skips a text if the rest begins with it.
  @inlinable @inline(__always)
  package mutating func skip(_ text: StaticString) -> Bool {
    guard starts(with: text) else { return false }
    skip(count: text.utf8CodeUnitCount)
    return true
  }

  @inlinable @inline(__always)
  package mutating func skipSpaces() {
    var count = 0
    while count < bytes.count, bytes[count] == UInt8(ascii: " ") { count += 1 }
    skip(count: count)
  }

  // MARK: Reading

  /// Reads a decimal number of up to 19 digits, which 64 bits hold; nil if the rest begins with
  /// something else.
  @inlinable @inline(__always)
  package mutating func decimal() -> UInt64? {
    var value: UInt64 = 0
    var count = 0
    while count < bytes.count, count < 19, let digit = bytes[count].decimalDigit {
      value = value * 10 + UInt64(digit)
      count += 1
    }
    guard count > 0 else { return nil }
    skip(count: count)
    return value
  }

  /// Reads up to the next such byte and skips that byte; nil if there isn't one.
  @inlinable @inline(__always)
  package mutating func read(until byte: UInt8) -> ByteScanner? {
    guard let end = index(of: byte) else { return nil }
    let part = ByteScanner(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
    skip(count: end + 1)
    return part
  }

  // MARK: Searching

  /// The index of the first such byte. The corresponding C call is `memchr`.
  package func index(of byte: UInt8) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base, Int32(byte), bytes.count) else {
      return nil
    }
    return UnsafeRawPointer(found) - base
  }

  /// Whether the text is somewhere in the rest.
  package func contains(_ text: StaticString) -> Bool {
    var rest = self
    while let start = rest.index(of: text.utf8Start[0]) {
      rest.skip(count: start)
      if rest.starts(with: text) { return true }
      rest.skip(count: 1)
    }
    return false
  }

  /// What follows the last occurrence of a text; nil if it doesn't occur.
  package func rest(afterLast text: StaticString) -> ByteScanner? {
    let count = text.utf8CodeUnitCount
    var start = bytes.count - count
    while start >= 0 {
      let part = ByteScanner(UnsafeRawBufferPointer(rebasing: bytes[start...]))
      if part.starts(with: text) {
        return ByteScanner(UnsafeRawBufferPointer(rebasing: bytes[(start + count)...]))
      }
      start -= 1
    }
    return nil
  }
}
