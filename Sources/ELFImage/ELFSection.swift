/// A section header (ELF-64 object file format, "Sections").
package struct ELFSection: Hashable, Sendable {
  package struct Kind: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    /// `SHT_SYMTAB`: all symbols, which `strip(1)` removes.
    package static let symbols = Kind(rawValue: 2)
    /// `SHT_DYNSYM`: the symbols that the dynamic linker needs.
    package static let dynamicSymbols = Kind(rawValue: 11)
  }

  package var kind: Kind
  /// The offset of the name in the section of section names.
  var nameOffset: UInt32
  /// The address in memory before relocation; 0 if the section isn't loaded.
  package var address: UInt64
  /// The offset in the file.
  package var fileOffset: UInt64
  /// The size in bytes.
  package var size: UInt64
  /// The index of a related section: for a symbol table, that of its strings.
  package var link: UInt32

  /// The size of a section header in a 64-bit file, in bytes.
  static let headerSize: UInt64 = 64

  /// Reads the section header at `offset`; nil beyond the end of the file.
  init?(at offset: UInt64, in bytes: ELFBytes) {
    guard
      bytes.contains(offset, Self.headerSize),
      let nameOffset = bytes.integer(at: offset, as: UInt32.self),
      let kind = bytes.integer(at: offset + 4, as: UInt32.self),
      let address = bytes.integer(at: offset + 16, as: UInt64.self),
      let fileOffset = bytes.integer(at: offset + 24, as: UInt64.self),
      let size = bytes.integer(at: offset + 32, as: UInt64.self),
      let link = bytes.integer(at: offset + 40, as: UInt32.self)
    else { return nil }
    self.nameOffset = nameOffset
    self.kind = Kind(rawValue: kind)
    self.address = address
    self.fileOffset = fileOffset
    self.size = size
    self.link = link
  }
}
