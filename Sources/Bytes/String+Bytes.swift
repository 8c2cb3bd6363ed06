internal import Glibc

extension StringProtocol {
  /// Whether the bytes of `part` stand somewhere in it.
  ///
  /// `contains` compares characters by Unicode's rules and takes microseconds for that; this is for what
  /// is asked at each stop or event.
  package func containsBytes(_ part: StaticString) -> Bool {
    part.withUTF8Buffer { part in
      utf8.withContiguousStorageIfAvailable { Self.contains($0, part) }
        ?? ContiguousArray(utf8).withUnsafeBufferPointer { Self.contains($0, part) }
    }
  }

  private static func contains(
    _ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard let first = part.first, let partStart = part.baseAddress else { return true }
    guard let textStart = text.baseAddress else { return false }
    var position = 0
    while text.count - position >= part.count {
      // `memmem` is no part of POSIX, and Swift doesn't see it.
      let rest = text.count - position - part.count + 1
      guard let found = memchr(textStart + position, Int32(first), rest) else { return false }
      position = UnsafeRawPointer(found) - UnsafeRawPointer(textStart)
      if memcmp(textStart + position, partStart, part.count) == 0 { return true }
      position += 1
    }
    return false
  }
}
