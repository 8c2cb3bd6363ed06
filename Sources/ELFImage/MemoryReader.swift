/// Memory of some address space, read by copying.
///
/// Code that interprets the structures of a process reads them only through this protocol. The
/// product passes the memory of a traced process, and tests pass a byte array.
package protocol MemoryReader {
  /// Copies the bytes from `address` on into `buffer`, as far as they are readable.
  ///
  /// Returns the number of bytes that were copied, from the front without a gap: less than the
  /// buffer's size if the readable range ends before, 0 if nothing is readable. Never traps for any
  /// address.
  mutating func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int

  /// Announces that these addresses will be read next. A reader may fetch them at once.
  mutating func prepare(toReadAt addresses: [UInt64])
}

extension MemoryReader {
  package mutating func prepare(toReadAt addresses: [UInt64]) {}
}
