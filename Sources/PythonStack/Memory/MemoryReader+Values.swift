import ELFImage

extension MemoryReader {
  /// The integer at `address`; nil if it isn't readable.
  mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at address: UInt64, as type: Value.Type = Value.self
  ) -> Value? {
    guard address >= 4096 else { return nil }
    var value: Value = 0
    let count = withUnsafeMutableBytes(of: &value) { read(at: address, into: $0) }
    return count == MemoryLayout<Value>.size ? Value(littleEndian: value) : nil
  }

  /// `count` bytes from `address` on; nil if not all of them are readable. The caller limits
  /// `count`.
  mutating func bytes(at address: UInt64, count: Int) -> [UInt8]? {
    guard address >= 4096, count >= 0 else { return nil }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Bytes that the reader leaves untouched stay uninitialized and aren't counted.
      initialized = min(read(at: address, into: UnsafeMutableRawBufferPointer(buffer)), count)
    }
    return bytes.count == count ? bytes : nil
  }
}
