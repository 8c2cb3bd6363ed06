import ELFImage

/// The first bytes of a structure in a process, copied at once.
///
/// A record needs no heap memory, so reading a frame allocates nothing.
struct RemoteRecord: Sendable {
  /// The most bytes that a record holds.
  static let capacity = 256

  fileprivate var words = InlineArray<32, UInt64>(repeating: 0)
  /// How many bytes were read.
  let count: Int

  /// Copies `count` bytes from `address` on; nil if not all of them are readable.
  init?(at address: UInt64, count: Int, in memory: inout some MemoryReader) {
    guard count <= Self.capacity, let record = Self(at: address, upTo: count, in: &memory),
      record.count == count
    else { return nil }
    self = record
  }

  /// Copies what is readable of the `limit` bytes from `address` on; nil if nothing is.
  init?(at address: UInt64, upTo limit: Int, in memory: inout some MemoryReader) {
    // The first page is never mapped (mmap_min_addr), and broken pointers are often small
    // numbers.
    guard address >= 4096 else { return nil }
    var words = InlineArray<32, UInt64>(repeating: 0)
    let limit = min(max(limit, 0), Self.capacity)
    let count = withUnsafeMutableBytes(of: &words) { buffer in
      memory.read(at: address, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<limit]))
    }
    guard count > 0 else { return nil }
    self.words = words
    self.count = min(count, limit)
  }

  /// The integer that begins `offset` bytes into the structure; nil if it wasn't read.
  @inline(__always)
  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Value.Type = Value.self
  ) -> Value? {
    guard offset >= 0, offset <= count - MemoryLayout<Value>.size else { return nil }
    return withUnsafeBytes(of: words) {
      Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type))
    }
  }

  /// The pointer or 64-bit size that begins `offset` bytes into the structure.
  @inline(__always)
  func word(_ offset: Int) -> UInt64? {
    integer(at: offset)
  }

  /// Calls `body` with `size` bytes from `offset` on; returns nil if not all of them were read.
  func withBytes<Result>(
    _ offset: Int, _ size: Int, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    guard offset >= 0, size >= 0, offset <= count, size <= count - offset else { return nil }
    return withUnsafeBytes(of: words) {
      body(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + size]))
    }
  }
}

extension RemoteRecord {
  /// Whether both records have the same size, and the same bytes from `offset` on.
  func isSame(as other: RemoteRecord, from offset: Int) -> Bool {
    guard count == other.count else { return false }
    return withUnsafeBytes(of: words) { left in
      withUnsafeBytes(of: other.words) { right in
        // The bytes behind the record are zero in both.
        for position in stride(from: offset & ~7, to: count, by: 8)
        where left.load(fromByteOffset: position, as: UInt64.self)
          != right.load(fromByteOffset: position, as: UInt64.self)
        {
          return false
        }
        return true
      }
    }
  }
}
