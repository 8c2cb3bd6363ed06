internal import Glibc

extension UnsafeRawBufferPointer {
  /// Where the bytes of `part` stand first; nil if they don't.
  package func range(of part: StaticString) -> Range<Int>? {
    part.withUTF8Buffer { part in
      guard let first = part.first, let partStart = part.baseAddress else { return 0..<0 }
      guard let start = baseAddress else { return nil }
      var position = 0
      while count - position >= part.count {
        // `memmem` is no part of POSIX, and Swift doesn't see it.
        let rest = count - position - part.count + 1
        guard let found = memchr(start + position, Int32(first), rest) else { return nil }
        position = UnsafeRawPointer(found) - start
        if memcmp(start + position, partStart, part.count) == 0 {
          return position..<(position + part.count)
        }
        position += 1
      }
      return nil
    }
  }

  /// Whether the bytes of `part` stand somewhere in it.
  package func contains(_ part: StaticString) -> Bool {
    range(of: part) != nil
  }
}
