/// A program header: a part of the file that is loaded, or that the loader reads (ELF-64 object
/// file format, "Program Header").
package struct ELFSegment: Hashable, Sendable {
  package struct Kind: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    /// `PT_LOAD`: mapped into memory.
    package static let load = Kind(rawValue: 1)
    /// `PT_DYNAMIC`: the table for the dynamic linker.
    package static let dynamic = Kind(rawValue: 2)
    /// `PT_GNU_EH_FRAME`: the index of the unwind table.
    package static let unwindIndex = Kind(rawValue: 0x6474_e550)
  }

  package var kind: Kind
  /// `p_flags`: 1 executable, 2 writable, 4 readable.
  package var flags: UInt32
  /// The offset in the file.
  package var fileOffset: UInt64
  /// The address in memory before relocation.
  package var address: UInt64
  /// The number of its bytes that the file holds.
  package var fileSize: UInt64
  /// The number of bytes in memory. Those that the file doesn't hold are zero.
  package var memorySize: UInt64

  /// The size of a program header in a 64-bit file, in bytes.
  static let headerSize: UInt64 = 56

  /// Reads the program header at `offset`; nil beyond the end of the file.
  init?(at offset: UInt64, in bytes: ELFBytes) {
    guard
      bytes.contains(offset, Self.headerSize),
      let kind = bytes.integer(at: offset, as: UInt32.self),
      let flags = bytes.integer(at: offset + 4, as: UInt32.self),
      let fileOffset = bytes.integer(at: offset + 8, as: UInt64.self),
      let address = bytes.integer(at: offset + 16, as: UInt64.self),
      let fileSize = bytes.integer(at: offset + 32, as: UInt64.self),
      let memorySize = bytes.integer(at: offset + 40, as: UInt64.self)
    else { return nil }
    self.kind = Kind(rawValue: kind)
    self.flags = flags
    self.fileOffset = fileOffset
    self.address = address
    self.fileSize = fileSize
    self.memorySize = memorySize
  }

  /// The offset in the file of the byte that is loaded to `address`; nil if the file doesn't hold
  /// it.
  func fileOffset(ofAddress address: UInt64) -> UInt64? {
    guard kind == .load, address >= self.address, address - self.address < fileSize else {
      return nil
    }
    let (offset, isBeyond) = fileOffset.addingReportingOverflow(address - self.address)
    return isBeyond ? nil : offset
  }
}
