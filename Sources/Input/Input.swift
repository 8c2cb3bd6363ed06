/// An input of unknown kind, compressed or not, which is read decompressed.
package final class Input: ByteSource {
  /// The first bytes, decompressed, which show what kind of text the input is.
  package let beginning: [UInt8]
  private let source: any ByteSource

  private static let beginningLength = 1 << 16

  /// Reads the beginning of `base`, and decompresses gzip and zstd.
  package init(
    _ base: any ByteSource, _ limit: UnpackLimit = UnpackLimit()
  ) throws(InputError) {
    let plain = try Self.decompressed(base, limit)
    beginning = try Self.beginning(of: plain, upTo: Self.beginningLength)
    source = PrefixedSource(beginning, then: plain)
  }

  /// Returns a source that decompresses gzip and zstd.
  package static func decompressed(
    _ base: any ByteSource, _ limit: UnpackLimit = UnpackLimit()
  ) throws(InputError) -> any ByteSource {
    let raw = try beginning(of: base, upTo: Compression.length)
    let whole = PrefixedSource(raw, then: base)
    guard let compression = Compression(raw) else { return whole }
    return try LimitedSource(whole, limit) { packed throws(InputError) in
      switch compression {
      case .gzip: try GzipSource(packed)
      case .zstd: try ZstdSource(packed)
      }
    }
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    try source.read(into: buffer)
  }

  /// Reads up to `limit` bytes: fewer if there was a line's end and nothing more to be read yet.
  private static func beginning(
    of source: any ByteSource, upTo limit: Int
  ) throws(InputError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 16)
    defer { buffer.deallocate() }
    var count = 0
    while count < limit {
      let got: Int
      do {
        got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
      } catch {
        // The bytes before the error are returned now; the next call fails again.
        if count > 0 { break }
        throw error
      }
      if got == 0 { break }
      count += got
      // The file may still be being written. Its first bytes, which were read before, don't count.
      if count > Compression.length, buffer[..<count].contains(0x0A) { break }
    }
    return Array(buffer[..<count])
  }
}
