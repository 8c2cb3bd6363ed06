/// Memory of some address space, read by copying.
///
/// Whoever interprets remote structures sees them only through this, so that tests can hand over a
/// byte array where the product hands over a traced process.
package protocol MemoryReader {
  /// Copies the bytes from `address` on into `buffer`, as far as they are readable.
  ///
  /// Returns how many bytes were copied, from the front without a gap; less than the buffer's size
  /// where the readable range ends, 0 where nothing is readable. Never traps for any address.
  mutating func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int

  /// Says that these addresses will be read next, so that they can be fetched at once.
  mutating func prepare(toReadAt addresses: [UInt64])
}

extension MemoryReader {
  package mutating func prepare(toReadAt addresses: [UInt64]) {}
}
