/// The functions that a file defines, sorted by address, with a copy of their names.
///
/// The table doesn't need the file any more. A function covers exactly as many bytes as its symbol
/// says: an address between two functions belongs to neither, and a symbol without a size covers
/// nothing.
package struct ELFFunctionTable: Sendable {
  private struct Entry {
    /// The function's address before relocation.
    var address: UInt64
    var size: UInt32
    /// The offset of the name in `names`.
    var name: UInt32
  }

  /// A function that covers an address.
  package struct Match: Hashable, Sendable {
    package var name: String
    /// The distance of the address from the function's beginning, in bytes.
    package var offset: UInt64
  }

  /// The most functions that are kept; a web browser with its symbols has about a million.
  private static let countLimit: UInt64 = 4_000_000
  /// The most bytes of names that are copied.
  private static let namesLimit: UInt64 = 1 << 28
  /// The longest name in bytes. Longer names, of C++ templates, are cut.
  private static let nameLimit = 4096
  /// The number of functions before an address that are examined: an outer function may begin
  /// before an inner one.
  private static let depth = 8

  private var entries: [Entry] = []
  private var names: [UInt8] = []

  /// A table without functions.
  package init() {}

  package var count: Int {
    entries.count
  }

  /// The function that covers `address`; nil if none does.
  package func function(at address: UInt64) -> Match? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    for index in stride(from: low - 1, through: max(low - Self.depth, 0), by: -1) {
      let entry = entries[index]
      let offset = address - entry.address
      guard offset < UInt64(entry.size) else { continue }
      return Match(name: name(entry), offset: offset)
    }
    return nil
  }

  private func name(_ entry: Entry) -> String {
    let rest = names[Int(entry.name)...].prefix(Self.nameLimit)
    return String(decoding: rest.prefix { $0 != 0 }, as: UTF8.self)
  }
}

extension ELFFunctionTable {
  /// Collects the functions in `symbols`, a section of symbols; nil if there are none.
  fileprivate init?(of symbols: ELFSection, in image: borrowing ELFImage) {
    let bytes = image.bytes
    guard
      let strings = image.section(Int(symbols.link)),
      symbols.fileOffset < bytes.count, strings.fileOffset < bytes.count
    else { return nil }
    let size = ELFSymbolTable.symbolSize
    let count = min(symbols.size, bytes.count - symbols.fileOffset) / size
    let namesSize = min(strings.size, bytes.count - strings.fileOffset)
    guard count <= Self.countLimit, namesSize <= Self.namesLimit else { return nil }
    for index in 0..<count {
      guard let entry = Self.function(at: symbols.fileOffset + index * size, namesSize, in: bytes)
      else { continue }
      entries.append(entry)
    }
    guard !entries.isEmpty else { return nil }
    names = bytes.copy(strings.fileOffset, namesSize)
    sort()
  }

  /// The symbol at an offset of the file, if it is a function with a size and a definition.
  private static func function(
    at position: UInt64, _ namesSize: UInt64, in bytes: ELFBytes
  ) -> Entry? {
    // Elf64_Sym: st_name, st_info, st_other, st_shndx, st_value, st_size.
    guard
      let info = bytes.integer(at: position + 4, as: UInt8.self),
      // STT_FUNC, STT_GNU_IFUNC.
      info & 0xf == 2 || info & 0xf == 10,
      let section = bytes.integer(at: position + 6, as: UInt16.self), section != 0,
      let name = bytes.integer(at: position, as: UInt32.self), UInt64(name) < namesSize,
      let address = bytes.integer(at: position + 8, as: UInt64.self), address != 0,
      let size = bytes.integer(at: position + 16, as: UInt64.self), size != 0
    else { return nil }
    // A linker can't make a function of 4 GiB.
    guard let size = UInt32(exactly: size) else { return nil }
    return Entry(address: address, size: size, name: name)
  }

  /// Sorts the functions. Of several names with the same address and size, it keeps the one that
  /// programmers use.
  private mutating func sort() {
    let names = names
    entries.sort { left, right in
      if left.address != right.address { return left.address < right.address }
      // The smaller one is examined first.
      if left.size != right.size { return left.size > right.size }
      return Self.isBetter(left, right, names)
    }
    var kept = 0
    for index in entries.indices {
      let entry = entries[index]
      if kept > 0, entries[kept - 1].address == entry.address, entries[kept - 1].size == entry.size
      {
        continue
      }
      entries[kept] = entry
      kept += 1
    }
    entries.removeLast(entries.count - kept)
  }

  /// Whether the left name is better for the same code: `vfork`, not `__libc_vfork`; `popen`, not
  /// `_IO_popen`.
  private static func isBetter(_ left: Entry, _ right: Entry, _ names: [UInt8]) -> Bool {
    let left = names[Int(left.name)...].prefix(nameLimit).prefix { $0 != 0 }
    let right = names[Int(right.name)...].prefix(nameLimit).prefix { $0 != 0 }
    let underscores = (
      left.prefix { $0 == UInt8(ascii: "_") }.count, right.prefix { $0 == UInt8(ascii: "_") }.count
    )
    if underscores.0 != underscores.1 { return underscores.0 < underscores.1 }
    if left.count != right.count { return left.count < right.count }
    return left.lexicographicallyPrecedes(right)
  }
}

extension ELFImage {
  /// All functions of the file, or those that it exports if the others were stripped.
  ///
  /// Costs about 100 ns per symbol.
  package var functions: ELFFunctionTable {
    for kind in [ELFSection.Kind.symbols, .dynamicSymbols] {
      if let section = section(of: kind), let table = ELFFunctionTable(of: section, in: self) {
        return table
      }
    }
    return ELFFunctionTable()
  }

  /// A copy of the bytes that are loaded from `address` on, up to `limit` bytes or to the end of
  /// the segment's bytes in the file; empty if the file holds none.
  package func bytes(ofAddress address: UInt64, limit: UInt64) -> [UInt8] {
    for segment in segments {
      guard let offset = segment.fileOffset(ofAddress: address), offset < bytes.count else {
        continue
      }
      let rest = segment.fileSize - (address - segment.address)
      return bytes.copy(offset, min(rest, limit, bytes.count - offset))
    }
    return []
  }
}

extension ELFBytes {
  /// A copy of bytes; empty if the file doesn't have all of them.
  fileprivate func copy(_ offset: UInt64, _ size: UInt64) -> [UInt8] {
    guard contains(offset, size) else { return [] }
    return [UInt8](buffer[Int(offset)..<Int(offset + size)])
  }
}
