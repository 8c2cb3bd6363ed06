import ELFImage

extension StructureOffsets {
  /// The most entries of a module's dictionary that are examined; `__name__` is the first that a
  /// module gets.
  private static let entryLimit: UInt64 = 256

  /// The value of `__name__` in the dictionary at `address`; nil if there is none that is a `str`.
  func moduleName(globals address: UInt64, in memory: inout some MemoryReader) -> String? {
    switch dictionary {
    case .keys(let keys, let values):
      guard
        let record = RemoteRecord(at: address, count: max(keys, values) + 8, in: &memory),
        // A dictionary with a separate array of values shares its keys with others. An instance's
        // dictionary does that, a module's never.
        record.word(values) == 0,
        let table = record.word(keys)
      else { return nil }
      return nameInKeys(at: table, in: &memory)
    case .slots(let mask, let table):
      guard
        let record = RemoteRecord(at: address, count: max(mask, table) + 8, in: &memory),
        let last = record.word(mask), let slots = record.word(table)
      else { return nil }
      return nameInSlots(at: slots, last: last, in: &memory)
    }
  }

  /// Searches a `PyDictKeysObject`: a header, the indices, and the entries in the order of
  /// insertion.
  private func nameInKeys(at address: UInt64, in memory: inout some MemoryReader) -> String? {
    guard let header = RemoteRecord(at: address, count: 40, in: &memory) else { return nil }
    let first: UInt64
    let count: UInt64
    var entrySize: UInt64 = 24
    var keyOffset: UInt64 = 8
    if code.bytecode == nil {
      // Up to 3.10 the header is: reference count, size, a function, free and used entries. The
      // size of an index depends on the table's size (CPython 3.10, Objects/dict-common.h).
      guard let size = header.word(8), let number = header.word(32), size <= 1 << 32 else {
        return nil
      }
      first = address &+ 40 &+ (size <= 0xff ? size : size <= 0xffff ? 2 * size : 4 * size)
      count = number
    } else {
      // From 3.11 on the header is: reference count, size as a power of 2, size of the indices as a
      // power of 2, kind, free and used entries. Kinds other than 0 have only text as keys, and
      // entries without a hash (CPython 3.11 to 3.15, Include/internal/pycore_dict.h).
      guard
        let indexSize: UInt8 = header.integer(at: 9), indexSize < 32,
        let kind: UInt8 = header.integer(at: 10), let number = header.word(24)
      else { return nil }
      first = address &+ 32 &+ (UInt64(1) << UInt64(indexSize))
      count = number
      if kind != 0 {
        entrySize = 16
        keyOffset = 0
      }
    }
    for index in 0..<min(count, Self.entryLimit) {
      guard
        let entry = RemoteRecord(
          at: first &+ index &* entrySize &+ keyOffset, count: 16, in: &memory),
        let key = entry.word(0), let value = entry.word(8)
      else { return nil }
      // A deleted entry has neither key nor value.
      if key != 0, value != 0, isModuleNameKey(at: key, in: &memory) {
        return sameType(as: key, text: value, in: &memory)
      }
    }
    return nil
  }

  /// Searches a table of 2.7 as 2.7 does: slots of hash, key and value, beginning with the slot
  /// that the hash selects (CPython 2.7, Objects/dictobject.c, `lookdict_string`).
  private func nameInSlots(
    at address: UInt64, last: UInt64, in memory: inout some MemoryReader
  ) -> String? {
    var index = Self.moduleNameHash
    var perturbation = Self.moduleNameHash
    for _ in 0..<Self.entryLimit {
      guard
        let slot = RemoteRecord(at: address &+ (index & last) &* 24, count: 24, in: &memory),
        let hash = slot.word(0), let key = slot.word(8), let value = slot.word(16),
        // An empty slot ends the search: the key would be in it.
        key != 0
      else { return nil }
      if value != 0, hash == Self.moduleNameHash, isModuleNameKey(at: key, in: &memory) {
        return sameType(as: key, text: value, in: &memory)
      }
      index = 5 &* index &+ perturbation &+ 1
      perturbation >>= 5
    }
    return nil
  }

  /// The text of the object at `value`; nil if it isn't a `str`, as the key is. A program may
  /// assign anything to `__name__`, and in 2.7 a `unicode`.
  private func sameType(
    as key: UInt64, text value: UInt64, in memory: inout some MemoryReader
  ) -> String? {
    // The type stands before the length in every kind of object.
    let offset = UInt64(text?.length ?? bytes.size) &- 8
    guard
      let type: UInt64 = memory.integer(at: key &+ offset),
      let valueType: UInt64 = memory.integer(at: value &+ offset), type == valueType
    else { return nil }
    return self.text(at: value, in: &memory)
  }

  /// Whether the `str` at `address` is `__name__`.
  private func isModuleNameKey(at address: UInt64, in memory: inout some MemoryReader) -> Bool {
    let lengthOffset = text?.length ?? bytes.size
    let dataOffset = text?.asciiSize ?? bytes.data
    guard
      let key = RemoteRecord(at: address, count: dataOffset + 8, in: &memory),
      key.word(lengthOffset) == 8
    else { return false }
    // "__name__"
    return key.word(dataOffset) == 0x5f5f_656d_616e_5f5f
  }

  /// The hash of `__name__` in 2.7 (`string_hash`), unless hashes are randomized (`-R`).
  private static let moduleNameHash: UInt64 = {
    let name = Array("__name__".utf8)
    var hash = UInt64(name[0]) << 7
    for byte in name {
      hash = (1_000_003 &* hash) ^ UInt64(byte)
    }
    return hash ^ UInt64(name.count)
  }()
}
