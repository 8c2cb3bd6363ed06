/// The content of the file header and of the headers that it points to (ELF-64 object file format,
/// "File Header").
struct ELFHeaders {
  var segments: [ELFSegment]
  /// The offset of the section headers in the file.
  var sectionHeaders: UInt64 = 0
  /// The number of section headers; 0 if the file has none or they lie beyond its end.
  var sectionCount = 0
  /// The section that holds the sections' names.
  var sectionNames: ELFSection?

  /// Reads the headers of the file.
  init(of bytes: ELFBytes) throws(ELFError) {
    guard bytes.integer(at: 0, as: UInt32.self) == 0x464c_457f else { throw .notELF }
    // e_ident: ELFCLASS64, ELFDATA2LSB, EV_CURRENT.
    guard
      bytes.integer(at: 4, as: UInt8.self) == 2, bytes.integer(at: 5, as: UInt8.self) == 1,
      bytes.integer(at: 6, as: UInt8.self) == 1
    else { throw .unsupported }
    guard
      let segmentHeaders = bytes.integer(at: 32, as: UInt64.self),
      let sectionHeaders = bytes.integer(at: 40, as: UInt64.self),
      let segmentSize = bytes.integer(at: 54, as: UInt16.self),
      let segmentCount = bytes.integer(at: 56, as: UInt16.self),
      let sectionSize = bytes.integer(at: 58, as: UInt16.self),
      let sectionCount = bytes.integer(at: 60, as: UInt16.self),
      let namesIndex = bytes.integer(at: 62, as: UInt16.self)
    else { throw .malformed }
    self.segments = try Self.segments(
      at: segmentHeaders, count: segmentCount, size: segmentSize, in: bytes)

    // A program runs without section headers, too, so broken ones are treated as missing.
    guard
      sectionHeaders != 0, UInt64(sectionSize) == ELFSection.headerSize,
      let first = ELFSection(at: sectionHeaders, in: bytes)
    else { return }
    // Numbers that don't fit into the file header are in the first section header.
    let claimed = sectionCount == 0 ? first.size : UInt64(sectionCount)
    let count = min(claimed, (bytes.count - sectionHeaders) / ELFSection.headerSize)
    let names = namesIndex == 0xffff ? UInt64(first.link) : UInt64(namesIndex)
    self.sectionHeaders = sectionHeaders
    self.sectionCount = Int(count)
    if names < count {
      self.sectionNames = ELFSection(
        at: sectionHeaders + names * ELFSection.headerSize, in: bytes)
    }
  }

  private static func segments(
    at offset: UInt64, count: UInt16, size: UInt16, in bytes: ELFBytes
  ) throws(ELFError) -> [ELFSegment] {
    guard count > 0 else { return [] }
    guard
      UInt64(size) == ELFSegment.headerSize,
      bytes.contains(offset, UInt64(count) * ELFSegment.headerSize)
    else { throw .malformed }
    return (0..<UInt64(count)).compactMap {
      ELFSegment(at: offset + $0 * ELFSegment.headerSize, in: bytes)
    }
  }
}
