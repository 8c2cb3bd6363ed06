import ELFImage

/// Memory with a limit on the total that is read, and on the time. Beyond a limit nothing is readable.
///
/// Each list, text and table has a limit of its own, but a hostile process can reach all of them at
/// each frame. Reading that would take hours, in which its thread waits.
struct BoundedMemory<Base: MemoryReader>: MemoryReader {
  private static var readLimit: Int { 150_000 }
  /// How many reads are done whatever the clock says. Usual stacks need a few hundred: a tracer that
  /// gets no processor for a while must not miss them.
  private static var freeReads: Int { 4096 }

  private(set) var base: Base
  /// The number of reads that are left. It exceeds what the longest stack needs: two reads a frame
  /// for cached code, a few more for other code.
  private var readsLeft = Self.readLimit
  private var bytesLeft = 64 << 20
  private let end: SuspendingClock.Instant
  private var isOverdue = false

  /// - Parameter end: From when on nothing is readable, after the reads that a usual stack needs.
  init(_ base: Base, until end: SuspendingClock.Instant) {
    self.base = base
    self.end = end
  }

  /// Why nothing more is readable; nil as long as something is.
  var refusal: String? {
    if isOverdue { return "one stack takes too long to read" }
    return readsLeft <= 0 || bytesLeft <= 0 ? "too much memory to read for one stack" : nil
  }

  mutating func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    // The clock costs a part of what a read does.
    if readsLeft % 128 == 0, readsLeft <= Self.readLimit - Self.freeReads,
      SuspendingClock.now >= end
    {
      isOverdue = true
    }
    guard refusal == nil else { return 0 }
    let count = base.read(at: address, into: buffer)
    readsLeft -= 1
    bytesLeft -= count
    return count
  }

  mutating func prepare(toReadAt addresses: [UInt64]) {
    base.prepare(toReadAt: addresses)
  }
}
