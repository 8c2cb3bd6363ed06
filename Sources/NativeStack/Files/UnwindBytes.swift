internal import ELFImage

/// A file's unwind table and its search index, copied from the file.
struct UnwindBytes {
  /// The most bytes that are copied from a file. A web browser has some ten megabytes.
  private static let limit: UInt64 = 64 << 20

  let index: ELFUnwindIndex
  /// The bytes from the index's address on. They are empty if they aren't copied, and are then read
  /// from the process.
  private(set) var bytes: [UInt8] = []
  /// Whether the file may contain the code to which a signal handler returns: its table has an
  /// entry of that kind (the augmentation `zRS`; GCC, libgcc/unwind-dw2.c, `extract_cie_info`), or
  /// wasn't copied.
  private(set) var mayReturnFromSignals = true

  /// Copies the table of a file; nil if it has none.
  init?(of image: borrowing ELFImage) {
    if let index = image.unwindIndex {
      self.init(index, in: image)
    } else if let table = image.unwindTable {
      self.init(table, in: image)
    } else {
      return nil
    }
  }

  /// Copies a table that has an index. GNU ld and lld put .eh_frame behind .eh_frame_hdr, at the
  /// end of a read-only segment.
  private init(_ index: ELFUnwindIndex, in image: borrowing ELFImage) {
    self.index = index
    bytes = Self.copy(index.address, in: image)
    if let entries = index.entries, entries >= index.address,
      entries - index.address < UInt64(bytes.count)
    {
      mayReturnFromSignals = Self.hasSignalFrames(bytes, from: Int(entries - index.address))
    }
  }

  /// Makes an index for a table that has none: linkers write one only for shared code, unless an
  /// option asks for it. The search table is put behind the entries, as if it were a part of the
  /// file.
  private init?(_ table: ELFUnwindTable, in image: borrowing ELFImage) {
    bytes = Array(Self.copy(table.address, in: image).prefix(Int(clamping: table.size)))
    guard UInt64(bytes.count) == table.size else { return nil }
    mayReturnFromSignals = Self.hasSignalFrames(bytes, from: 0)
    while bytes.count % 8 != 0 { bytes.append(0) }
    let start = bytes.count
    var search: [UInt8] = []
    var count: UInt64 = 0
    for entry in table.entries {
      let distances = [entry.start, entry.address].map {
        Int32(exactly: Int64(bitPattern: $0 &- table.address))
      }
      guard let function = distances[0], let position = distances[1] else { continue }
      for distance in [function, position] {
        withUnsafeBytes(of: distance.littleEndian) { search.append(contentsOf: $0) }
      }
      count += 1
    }
    bytes += search
    index = ELFUnwindIndex(
      address: table.address, table: table.address &+ UInt64(start), count: count,
      entries: table.address)
  }

  /// The file's bytes from an address up to the segment's end; empty if the program may change
  /// them.
  private static func copy(_ address: UInt64, in image: borrowing ELFImage) -> [UInt8] {
    let isWritten = image.segments.contains {
      $0.kind == .load && $0.flags & 2 != 0 && address >= $0.address
        && address - $0.address < $0.memorySize
    }
    return isWritten ? [] : image.bytes(ofAddress: address, limit: limit)
  }

  /// Whether the table contains the augmentation `zRS`, which is nine bytes into an entry. Entries
  /// are aligned to four bytes.
  private static func hasSignalFrames(_ bytes: [UInt8], from start: Int) -> Bool {
    bytes.withUnsafeBytes { bytes in
      for position in stride(from: start + 9, through: bytes.count - 4, by: 4)
      where bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self) == 0x0053_527a {
        return true
      }
      return false
    }
  }
}
