/// Builds a small shared library in memory: one PT_LOAD, a dynamic table with a GNU hash table, and
/// sections.
struct ELFBuilder {
  struct Symbol {
    var name: String
    var address: UInt64
    var size: UInt64 = 8
    var isDefined = true
    /// 1 is `STT_OBJECT`, 2 is `STT_FUNC`.
    var kind: UInt8 = 1
  }

  /// The symbols in `.dynsym`. Undefined ones come first.
  var exported: [Symbol] = []
  /// The symbols that are only in `.symtab`.
  var local: [Symbol] = []
  var hasHashTable = true
  var hasSections = true
  var loadAddress: UInt64 = 0x40_0000
  /// Sections without content, with their addresses.
  var emptySections: [(name: String, address: UInt64)] = []

  func bytes() -> [UInt8] {
    var file = [UInt8](repeating: 0, count: 64 + 2 * 56)
    let hashed = exported.filter(\.isDefined)
    let references = exported.filter { !$0.isDefined }

    var sections: [(name: String, kind: UInt32, at: Int, size: Int, link: UInt32)] = []
    sections.append(("", 0, 0, 0, 0))
    func align() { while file.count % 8 != 0 { file.append(0) } }
    func table(_ symbols: [Symbol]) -> (symbols: Int, names: Int) {
      var names: [UInt8] = [0]
      align()
      let start = file.count
      file += [UInt8](repeating: 0, count: 24)
      for symbol in symbols {
        file.add(UInt32(names.count))
        file += [0x10 | symbol.kind, 0]
        file.add(UInt16(symbol.isDefined ? 1 : 0))
        file.add(symbol.isDefined ? symbol.address : 0)
        file.add(symbol.size)
        names += Array(symbol.name.utf8) + [0]
      }
      let nameStart = file.count
      file += names
      return (start, nameStart)
    }

    let dynamic = table(references + hashed)
    let dynamicEnd = file.count
    sections.append((".dynsym", 11, dynamic.symbols, dynamic.names - dynamic.symbols, 2))
    sections.append((".dynstr", 3, dynamic.names, dynamicEnd - dynamic.names, 0))
    align()
    // One bucket, and one filter word that everything passes.
    let hashTable = file.count
    let firstHashed = UInt32(references.count + 1)
    for number in [1, firstHashed, 1, 5] as [UInt32] { file.add(number) }
    file.add(UInt64.max)
    file.add(hashed.isEmpty ? 0 : firstHashed)
    for (index, symbol) in hashed.enumerated() {
      let hash = symbol.name.utf8.reduce(UInt32(5381)) { $0 &* 33 &+ UInt32($1) }
      file.add(hash & ~1 | (index == hashed.count - 1 ? 1 : 0))
    }
    align()
    let dynamicTable = file.count
    var entries: [(UInt64, Int)] = [
      (5, dynamic.names), (6, dynamic.symbols),
    ]
    if hasHashTable { entries.append((0x6fff_fef5, hashTable)) }
    for (tag, offset) in entries {
      file.add(tag)
      file.add(loadAddress + UInt64(offset))
    }
    file.add(10 as UInt64)
    file.add(UInt64(dynamicEnd - dynamic.names))
    file += [UInt8](repeating: 0, count: 16)
    let dynamicTableEnd = file.count

    let all = table(local)
    let allEnd = file.count
    sections.append((".symtab", 2, all.symbols, all.names - all.symbols, 4))
    sections.append((".strtab", 3, all.names, allEnd - all.names, 0))
    var names: [UInt8] = []
    let nameSection = file.count
    let sectionNames = sections.map(\.name) + emptySections.map(\.name) + [".shstrtab"]
    let nameOffsets = sectionNames.map { name in
      defer { names += Array(name.utf8) + [0] }
      return UInt32(names.count)
    }
    file += names
    align()
    let sectionHeaders = file.count
    if hasSections {
      let everything =
        sections.map { ($0.kind, UInt64(0), $0.at, $0.size, $0.link) }
        + emptySections.map { (UInt32(8), $0.address, 0, 0, UInt32(0)) }
        + [(3, 0, nameSection, names.count, 0)]
      for (index, section) in everything.enumerated() {
        file.add(nameOffsets[index])
        file.add(section.0)
        file.add(0 as UInt64)
        file.add(section.1)
        file.add(UInt64(section.2))
        file.add(UInt64(section.3))
        file.add(section.4)
        file += [UInt8](repeating: 0, count: 20)
      }
    }

    var header: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 8)
    header.add(3 as UInt16)
    header.add(62 as UInt16)
    header.add(1 as UInt32)
    header.add(0 as UInt64)
    header.add(64 as UInt64)
    header.add(hasSections ? UInt64(sectionHeaders) : 0)
    header.add(0 as UInt32)
    for number in [64, 56, 2, 64] as [UInt16] { header.add(number) }
    header.add(UInt16(hasSections ? sectionNames.count : 0))
    header.add(UInt16(hasSections ? sectionNames.count - 1 : 0))
    header.addSegment(1, at: 0, loadAddress, size: file.count)
    header.addSegment(
      2, at: dynamicTable, loadAddress + UInt64(dynamicTable), size: dynamicTableEnd - dynamicTable)
    file.replaceSubrange(0..<header.count, with: header)
    return file
  }
}

extension [UInt8] {
  mutating func add(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func addSegment(
    _ kind: UInt32, at offset: Int, _ address: UInt64, size: Int
  ) {
    add(kind)
    add(6 as UInt32)
    add(UInt64(offset))
    add(address)
    add(address)
    add(UInt64(size))
    add(UInt64(size))
    add(8 as UInt64)
  }
}

/// Random numbers that are the same in each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
