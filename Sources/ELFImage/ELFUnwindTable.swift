/// An unwind table without an index, `.eh_frame`, as in statically linked programs (Linux Standard
/// Base Core Specification 5.0, 10.6.1). The entries are found one by one.
package struct ELFUnwindTable: Hashable, Sendable {
  /// A function's entry.
  package struct Entry: Hashable, Sendable {
    /// The address of the function before relocation.
    package var start: UInt64
    /// The address of the entry before relocation.
    package var address: UInt64
  }

  /// The most entries that are collected.
  private static let limit = 1_000_000

  /// The address of the table before relocation.
  package private(set) var address: UInt64
  /// The size in bytes.
  package private(set) var size: UInt64
  /// The entries, sorted by the start of their functions.
  package private(set) var entries: [Entry] = []

  /// Reads the entries of `section`; nil if there are none.
  fileprivate init?(_ section: ELFSection, in bytes: ELFBytes) {
    address = section.address
    size = section.size
    guard address != 0, bytes.contains(section.fileOffset, size) else { return nil }
    /// The encoding of the addresses in entries, by the position of their common entry.
    var encodings: [UInt64: UInt8] = [:]
    var position = section.fileOffset
    let end = section.fileOffset + size
    while position < end - min(end, 8), entries.count < Self.limit {
      // 0 ends the table. The largest number announces a 64-bit length, which no linker writes.
      guard let length = bytes.integer(at: position, as: UInt32.self), length >= 4,
        length != .max, UInt64(length) <= end - position - 4,
        let identifier = bytes.integer(at: position + 4, as: UInt32.self)
      else { break }
      if identifier == 0 {
        encodings[position] = Self.encoding(ofCommonEntryAt: position, in: bytes)
      } else if UInt64(identifier) <= position + 4,
        let encoding = encodings[position + 4 - UInt64(identifier)]
      {
        let entry = address &+ (position - section.fileOffset)
        if let start = Self.start(at: position + 8, entry &+ 8, encoding, in: bytes) {
          entries.append(Entry(start: start, address: entry))
        }
      }
      position += 4 + UInt64(length)
    }
    guard !entries.isEmpty else { return nil }
    entries.sort { $0.start < $1.start }
  }

  /// The encoding that belongs to `R` in a common entry's augmentation: DW_EH_PE_absptr if there is
  /// none.
  private static func encoding(ofCommonEntryAt position: UInt64, in bytes: ELFBytes) -> UInt8? {
    guard let version = bytes.integer(at: position + 8, as: UInt8.self),
      let augmentation = bytes.string(at: position + 9, limit: 8)
    else { return nil }
    var cursor = position + 9 + UInt64(augmentation.utf8.count) + 1
    /// Skips a LEB128 number.
    func skip() {
      while let byte = bytes.integer(at: cursor, as: UInt8.self) {
        cursor += 1
        if byte & 0x80 == 0 { return }
      }
    }
    skip()  // Code alignment.
    skip()  // Data alignment.
    if version == 1 { cursor += 1 } else { skip() }  // The return address's column.
    guard augmentation.utf8.first == UInt8(ascii: "z") else {
      return augmentation.isEmpty ? 0 : nil
    }
    skip()  // The length of the augmentation data.
    for letter in augmentation.utf8.dropFirst() {
      switch letter {
      case UInt8(ascii: "R"):
        return bytes.integer(at: cursor, as: UInt8.self)
      case UInt8(ascii: "L"):
        cursor += 1
      case UInt8(ascii: "P"):
        guard let encoding = bytes.integer(at: cursor, as: UInt8.self),
          let size = pointerSize(encoding)
        else { return nil }
        cursor += 1 + size
      case UInt8(ascii: "S"), UInt8(ascii: "B"):
        break
      default:
        return nil
      }
    }
    return 0
  }

  /// The size in bytes of DW_EH_PE_absptr, udata4, udata8, sdata4 and sdata8.
  private static func pointerSize(_ encoding: UInt8) -> UInt64? {
    switch encoding & 0xf {
    case 0x0, 0x4, 0xc: 8
    case 0x3, 0xb: 4
    default: nil
    }
  }

  /// Decodes the address at `position` in the file, which is at `location` in memory.
  private static func start(
    at position: UInt64, _ location: UInt64, _ encoding: UInt8, in bytes: ELFBytes
  ) -> UInt64? {
    let value: UInt64?
    switch encoding & 0xf {
    case 0x0, 0x4, 0xc: value = bytes.integer(at: position)
    case 0x3: value = bytes.integer(at: position, as: UInt32.self).map { UInt64($0) }
    case 0xb:
      value = bytes.integer(at: position, as: Int32.self).map {
        UInt64(bitPattern: Int64($0))
      }
    default: value = nil
    }
    switch encoding & 0xf0 {
    case 0x00: return value
    case 0x10: return value.map { location &+ $0 }  // DW_EH_PE_pcrel
    default: return nil
    }
  }
}

extension ELFImage {
  /// The unwind table itself, entry by entry; nil if the file has none.
  ///
  /// Costs about 20 ns per entry. It is meant for files without an index.
  package var unwindTable: ELFUnwindTable? {
    section(named: ".eh_frame").flatMap { ELFUnwindTable($0, in: bytes) }
  }
}
