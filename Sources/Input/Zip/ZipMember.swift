/// A file in a zip archive.
package struct ZipMember: Hashable, Sendable {
  /// As the archive has it, of any bytes; folders are separated by slashes.
  package var name: String
  /// In bytes, unpacked. A member that has another size is damaged.
  package var size: Int
  var compressedSize: Int
  var checksum: UInt32
  /// How it is compressed (APPNOTE.TXT, 4.4.5).
  var method: UInt16
  var isEncrypted: Bool
  /// Where its header begins.
  var start: Int
  /// Where the next member begins.
  var end = 0

  private static let stored: UInt16 = 0
  private static let deflated: UInt16 = 8
  private static let zstd: UInt16 = 93

  /// Whether its bytes stand in the archive as they are.
  package var isStored: Bool { method == Self.stored }

  /// Opens the member; its size and checksum are compared when it has been read.
  ///
  /// - Parameter file: The archive.
  package func open(in file: PositionedFile) throws(InputError) -> any ByteSource {
    CheckedSource(try unchecked(in: file), size: size, checksum: checksum)
  }

  private func unchecked(in file: PositionedFile) throws(InputError) -> any ByteSource {
    let data = FileRange(file, try range(in: file))
    switch method {
    case Self.stored: return data
    case Self.deflated: return try DeflateSource(data)
    case Self.zstd: return try ZstdSource(data)
    default: throw .refused("the member is compressed in a way that isn't known (method \(method))")
    }
  }

  /// How many bytes it unpacks to, up to a limit; more than the limit if there are more.
  ///
  /// It is only unpacked if the size in the directory can't be true: compression hardly makes
  /// anything larger.
  func measuredSize(in file: PositionedFile, atMost limit: Int) -> Int {
    guard compressedSize > size + size / 64 + 1024, !isStored else { return size }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    var measured = 0
    // What is damaged ends here, as it does when it is read.
    if let source = try? unchecked(in: file) {
      while measured <= limit, let count = try? source.read(into: buffer), count > 0 {
        measured += count
      }
    }
    return max(measured, size)
  }

  /// The member as a file of its own: a part of the archive, or a copy if it is compressed.
  package func file(in file: PositionedFile) throws(InputError) -> PositionedFile {
    let source = try open(in: file)
    guard isStored else { return try PositionedFile(copying: source, atMost: size) }
    let range = try range(in: file)
    return PositionedFile(file, from: range.lowerBound, count: range.count)
  }

  /// Where its data is in the archive. The local header's own length is not in the directory.
  private func range(in file: PositionedFile) throws(InputError) -> Range<Int> {
    guard !isEncrypted else { throw .refused("the member is encrypted") }
    let header = ZipRecord(try file.bytes(at: start, count: ZipRecord.localHeaderSize))
    guard header.bytes.count == ZipRecord.localHeaderSize,
      header.number(at: 0, UInt32.self) == ZipRecord.localHeader
    else { throw .damaged("the member's header is damaged") }
    let names = Int(header.number(at: 26, UInt16.self)) + Int(header.number(at: 28, UInt16.self))
    let data = start + ZipRecord.localHeaderSize + names
    guard compressedSize <= end - data else {
      throw .damaged("the member reaches into the next one")
    }
    return data..<(data + compressedSize)
  }
}
