internal import CZlib

/// Decompresses a gzip file. Several of them in a row are one (RFC 1952, section 2.2).
final class GzipSource: ByteSource {
  private let base: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  private var stream = z_stream()
  private var isAtEnd = false
  /// Whether a file has begun and not ended.
  private var isInside = false

  init(_ base: any ByteSource) throws(InputError) {
    self.base = base
    // 15 bits of window; 16 more for gzip's header.
    let status = inflateInit2_(
      &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .damaged("zlib can't be used") }
  }

  deinit {
    inflateEnd(&stream)
    input.deallocate()
  }

  /// The corresponding C call is `inflate`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(clamping: buffer.count)
    let wanted = Int(stream.avail_out)
    while stream.avail_out > 0 {
      if stream.avail_in == 0, !isAtEnd { try refill() }
      if stream.avail_in == 0 { break }
      isInside = true
      let status = inflate(&stream, Z_NO_FLUSH)
      if status == Z_STREAM_END {
        isInside = false
        inflateReset(&stream)
      } else if status != Z_OK {
        // Bytes after the last file: padding, unless nothing was read now.
        let got = wanted - Int(stream.avail_out)
        isAtEnd = true
        stream.avail_in = 0
        if got > 0 { return got }
        throw .damaged("the gzip data is damaged")
      }
    }
    let got = wanted - Int(stream.avail_out)
    if got == 0, isInside {
      isInside = false
      throw .torn
    }
    return got
  }

  private func refill() throws(InputError) {
    let count = try base.read(into: input)
    isAtEnd = count == 0
    stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = UInt32(count)
  }
}
