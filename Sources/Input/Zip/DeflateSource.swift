internal import CZlib

/// Decompresses deflated data without a header (RFC 1951), as zip archives have it.
final class DeflateSource: ByteSource {
  private let base: any ByteSource
  /// Small, because the files of one `strace -ff` are read all at once.
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
  private var stream = z_stream()
  private var isAtEnd = false

  init(_ base: any ByteSource) throws(InputError) {
    self.base = base
    // 15 bits of window; negative for data without a header.
    let status = inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      input.deallocate()
      throw .damaged("zlib can't be used")
    }
  }

  deinit {
    inflateEnd(&stream)
    input.deallocate()
  }

  /// The corresponding C call is `inflate`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    guard !isAtEnd else { return 0 }
    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(clamping: buffer.count)
    let wanted = Int(stream.avail_out)
    while stream.avail_out > 0 {
      if stream.avail_in == 0 {
        let count = try base.read(into: input)
        stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_in = UInt32(count)
      }
      // Without input it may still have output.
      let status = inflate(&stream, Z_NO_FLUSH)
      if status == Z_STREAM_END {
        isAtEnd = true
        break
      }
      guard status == Z_OK else {
        let got = wanted - Int(stream.avail_out)
        // What was decompressed is returned now; the next call fails again.
        if got > 0 { return got }
        isAtEnd = true
        if status == Z_BUF_ERROR { throw .torn }
        throw .damaged("the deflated data is damaged")
      }
    }
    return wanted - Int(stream.avail_out)
  }
}
