import ELFImage

/// Memory of which only so much is read: nothing more is readable then.
///
/// Each list, text and table has a limit of its own, and a process that means it ill can have all of
/// them at once, at each frame: hours of reading while its thread waits.
struct BoundedMemory<Base: MemoryReader>: MemoryReader {
  private(set) var base: Base
  /// How often it may still be read: more than the longest stack needs, which is twice a frame for code
  /// that is kept, and some times more for other.
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
