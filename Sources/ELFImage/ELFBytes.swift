/// The bytes of a file. They are read at offsets that the file itself contains, so each access is
/// checked.
struct ELFBytes {
  let buffer: UnsafeRawBufferPointer

  var count: UInt64 {
    UInt64(buffer.count)
  }

  /// Whether the file has `size` bytes from `offset` on.
  func contains(_ offset: UInt64, _ size: UInt64) -> Bool {
    offset <= count && size <= count - offset
  }

  /// The little-endian integer at `offset`; nil beyond the end.
  @inline(__always)
  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: UInt64, as type: Value.Type = Value.self
  ) -> Value? {
    guard contains(offset, UInt64(MemoryLayout<Value>.size)) else { return nil }
    return Value(littleEndian: buffer.loadUnaligned(fromByteOffset: Int(offset), as: type))
  }

  /// The integer at `index` in the array that begins at `offset`.
  @inline(__always)
  func element<Value: FixedWidthInteger & BitwiseCopyable>(
    _ index: UInt64, of offset: UInt64, as type: Value.Type = Value.self
  ) -> Value? {
    let (distance, isTooFar) = index.multipliedReportingOverflow(
      by: UInt64(MemoryLayout<Value>.size))
    let (position, isBeyond) = offset.addingReportingOverflow(distance)
    return isTooFar || isBeyond ? nil : integer(at: position, as: type)
  }

  /// Whether the string that begins at `offset` and ends with a zero byte is `name`.
  @inline(__always)
  func isString(at offset: UInt64, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard contains(offset, UInt64(name.count) + 1) else { return false }
    let start = Int(offset)
    for index in 0..<name.count where buffer[start + index] != name[index] {
      return false
    }
    return buffer[start + name.count] == 0
  }

  /// The string that begins at `offset`, of at most `limit` bytes; nil if no zero byte ends it.
  func string(at offset: UInt64, limit: Int) -> String? {
    guard offset < count else { return nil }
    let rest = buffer[Int(offset)...].prefix(limit + 1)
    guard let end = rest.firstIndex(of: 0) else { return nil }
    return String(decoding: rest[..<end], as: UTF8.self)
  }
}
