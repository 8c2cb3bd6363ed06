internal import CZstd

/// Decompresses a zstd file. Several frames in a row are one (RFC 8878, section 3).
final class ZstdSource: ByteSource {
  private let base: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
  private let context: OpaquePointer
  private var filled = 0
  private var position = 0
  private var isAtEnd = false
  private var isInside = false

  init(_ base: any ByteSource) throws(InputError) {
    self.base = base
    guard let context = ZSTD_createDCtx() else { throw .damaged("zstd can't be used") }
    self.context = context
  }

  deinit {
    ZSTD_freeDCtx(context)
    input.deallocate()
  }

  /// The corresponding C call is `ZSTD_decompressStream`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while output.pos == 0 {
      if position == filled, !isAtEnd {
        filled = try base.read(into: input)
        position = 0
        isAtEnd = filled == 0
      }
      if position == filled, isAtEnd { break }
      var part = ZSTD_inBuffer(src: input.baseAddress, size: filled, pos: position)
      let status = ZSTD_decompressStream(context, &output, &part)
      position = part.pos
      guard ZSTD_isError(status) == 0 else {
        isAtEnd = true
        position = filled
        isInside = false
        if output.pos > 0 { return output.pos }
        throw .damaged("the zstd data is damaged")
      }
      isInside = status != 0
    }
    if output.pos == 0, isInside {
      isInside = false
      throw .torn
    }
    return output.pos
  }
}
