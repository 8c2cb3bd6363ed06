extension ELFImage {
  /// The symbol of that name that the file exports to others.
  ///
  /// Costs a few reads if the file has the hash table that GNU and LLVM linkers write. Otherwise
  /// each exported symbol is examined.
  package func exportedSymbol(named name: String) -> ELFSymbol? {
    var name = name
    return name.withUTF8 { name in
      let dynamic = DynamicTable(of: self)
      if let table = dynamic.symbols {
        if let address = dynamic.hashTable, let hashTable = fileOffset(ofAddress: address) {
          switch lookUp(name, in: table, hashTable: hashTable) {
          case .found(let symbol): return symbol
          case .absent: return nil
          case .broken: break
          }
        }
        // The older table has one chain link for each symbol. Only this gives the number of
        // symbols.
        if let address = dynamic.oldHashTable, let oldTable = fileOffset(ofAddress: address),
          let count = bytes.element(1, of: oldTable, as: UInt32.self)
        {
          return table.firstDefinition(named: name, among: UInt64(count), in: bytes)
        }
      }
      return symbol(name, in: .dynamicSymbols)
    }
  }

  /// The symbol of that name among all that the file defines, if they weren't stripped.
  ///
  /// Examines all symbols, about 10 ns for each.
  package func anySymbol(named name: String) -> ELFSymbol? {
    var name = name
    return name.withUTF8 { symbol($0, in: .symbols) }
  }

  private func symbol(
    _ name: UnsafeBufferPointer<UInt8>, in kind: ELFSection.Kind
  ) -> ELFSymbol? {
    guard
      let symbols = section(of: kind), let names = section(Int(symbols.link))
    else { return nil }
    return ELFSymbolTable(
      symbols: symbols.fileOffset, names: names.fileOffset, namesSize: names.size
    ).firstDefinition(
      named: name, among: symbols.size / ELFSymbolTable.symbolSize, in: bytes)
  }

  private enum Lookup {
    case found(ELFSymbol)
    case absent
    /// The hash table contradicts itself or leads beyond the file.
    case broken
  }

  /// Searches the hash table of `DT_GNU_HASH`: a header of four 32-bit numbers, a Bloom filter of
  /// 64-bit words, the buckets, and a hash value for each symbol (binutils, bfd/elflink.c; glibc,
  /// elf/dl-lookup.c, `do_lookup_x`).
  private func lookUp(
    _ name: UnsafeBufferPointer<UInt8>, in table: ELFSymbolTable, hashTable: UInt64
  ) -> Lookup {
    guard
      bytes.contains(hashTable, 16),
      let bucketCount = bytes.element(0, of: hashTable, as: UInt32.self), bucketCount > 0,
      let firstHashed = bytes.element(1, of: hashTable, as: UInt32.self),
      let filterCount = bytes.element(2, of: hashTable, as: UInt32.self), filterCount > 0,
      let filterShift = bytes.element(3, of: hashTable, as: UInt32.self), filterShift < 32
    else { return .broken }
    let filter = hashTable + 16
    let buckets = filter + UInt64(filterCount) * 8
    let hashes = buckets + UInt64(bucketCount) * 4

    var hash: UInt32 = 5381
    for byte in name {
      hash = hash &* 33 &+ UInt32(byte)
    }
    guard
      let word = bytes.element(
        UInt64(hash / 64 % filterCount), of: filter, as: UInt64.self)
    else { return .broken }
    let wanted = UInt64(1) << UInt64(hash % 64) | UInt64(1) << UInt64((hash >> filterShift) % 64)
    guard word & wanted == wanted else { return .absent }

    guard
      let bucket = bytes.element(UInt64(hash % bucketCount), of: buckets, as: UInt32.self)
    else { return .broken }
    guard bucket >= firstHashed, bucket > 0 else { return .absent }
    var index = UInt64(bucket)
    // The loop ends with the file at the latest, because each turn reads further on.
    while let candidate = bytes.element(index - UInt64(firstHashed), of: hashes, as: UInt32.self) {
      if candidate | 1 == hash | 1, let symbol = table.definition(index, named: name, in: bytes) {
        return .found(symbol)
      }
      // The lowest bit marks a bucket's last symbol.
      guard candidate & 1 == 0 else { return .absent }
      index += 1
    }
    return .broken
  }
}

/// The facts about symbols in the table for the dynamic linker (ELF-64 object file format, "Dynamic
/// table"). Unlike the sections, this table is in every file that can be linked to.
private struct DynamicTable {
  var symbols: ELFSymbolTable?
  /// The address of `DT_GNU_HASH`.
  var hashTable: UInt64?
  /// The address of `DT_HASH`.
  var oldHashTable: UInt64?

  init(of image: borrowing ELFImage) {
    guard let segment = image.segments.first(where: { $0.kind == .dynamic }) else { return }
    var symbols: UInt64?
    var names: UInt64?
    var namesSize: UInt64?
    for index in 0..<min(segment.fileSize / 16, 1024) {
      guard
        let tag = image.bytes.element(2 * index, of: segment.fileOffset, as: UInt64.self),
        let value = image.bytes.element(2 * index + 1, of: segment.fileOffset, as: UInt64.self),
        tag != 0
      else { break }
      switch tag {
      case 4: oldHashTable = value
      case 5: names = image.fileOffset(ofAddress: value)
      case 6: symbols = image.fileOffset(ofAddress: value)
      case 10: namesSize = value
      case 0x6fff_fef5: hashTable = value
      default: break
      }
    }
    if let symbols, let names, let namesSize {
      self.symbols = ELFSymbolTable(symbols: symbols, names: names, namesSize: namesSize)
    }
  }
}
