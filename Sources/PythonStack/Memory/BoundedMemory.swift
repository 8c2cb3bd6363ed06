import ELFImage

/// Memory with a limit on the total that is read. Beyond the limit nothing is readable.
///
/// Each list, text and table has a limit of its own, but a hostile process can reach all of them at
/// each frame. Reading that would take hours, in which its thread waits.
struct BoundedMemory<Base: MemoryReader>: MemoryReader {
  private(set) var base: Base
  /// The number of reads that are left. It exceeds what the longest stack needs: two reads a frame
  /// for cached code, a few more for other code.
  private var readsLeft = 150_000
  private var bytesLeft = 64 << 20

  init(_ base: Base) {
    self.base = base
  }

  var isUsedUp: Bool { readsLeft <= 0 || bytesLeft <= 0 }

  mutating func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard !isUsedUp else { return 0 }
    let count = base.read(at: address, into: buffer)
    readsLeft -= 1
    bytesLeft -= count
    return count
  }

  mutating func prepare(toReadAt addresses: [UInt64]) {
    base.prepare(toReadAt: addresses)
  }
}
