import ELFImage

extension StructureOffsets {
  /// The most entries of a dictionary that are examined.
  private static let entryLimit: UInt64 = 1 << 16

  /// The value of the `int` at `address`; nil if it is negative, or has more than one digit of 30
  /// bits.
  func smallInteger(at address: UInt64, in memory: inout some MemoryReader) -> Int? {
    guard
      let record = RemoteRecord(at: address, count: bytes.size + 12, in: &memory),
      let size = record.word(bytes.size),
      let digit: UInt32 = record.integer(at: bytes.size + 8)
    else { return nil }
    // From 3.12 on the number of digits stands above 3 bits, of which the lowest two are the sign:
    // 0 positive, 1 zero, 2 negative (CPython 3.12, Include/internal/pycore_long.h). Before that it
    // is the object's size.
    if frame.owner != nil {
      if size & 3 == 1 { return 0 }
      return size & 3 == 0 && size >> 3 == 1 ? Int(digit) : nil
    }
    return size == 0 ? 0 : size == 1 ? Int(digit) : nil
  }

  /// The values of the dictionary at `address` by their keys, which all are `int`; nil if it can't
  /// be read, or has other keys.
  func integerKeys(
    ofDictionary address: UInt64, in memory: inout some MemoryReader
  ) -> [Int: UInt64]? {
    guard
      case .keys(let keys, let values) = dictionary,
      let record = RemoteRecord(at: address, count: max(keys, values) + 8, in: &memory),
      record.word(values) == 0, let table = record.word(keys),
      let (first, count) = generalEntries(ofKeys: table, in: &memory), count <= Self.entryLimit
    else { return nil }
    var result: [Int: UInt64] = [:]
    for index in 0..<count {
      guard
        let entry = RemoteRecord(at: first &+ 24 &* index &+ 8, count: 16, in: &memory),
        let key = entry.word(0), let value = entry.word(8)
      else { return nil }
      // A deleted entry has neither key nor value.
      if key == 0 || value == 0 { continue }
      guard let number = smallInteger(at: key, in: &memory) else { return nil }
      result[number] = value
    }
    return result
  }

  /// The first entry of a `PyDictKeysObject`, and how many there are; nil if its keys are text.
  /// An entry has a hash, a key and a value. `moduleName(globals:in:)` describes the header.
  private func generalEntries(
    ofKeys address: UInt64, in memory: inout some MemoryReader
  ) -> (first: UInt64, count: UInt64)? {
    guard let header = RemoteRecord(at: address, count: 40, in: &memory) else { return nil }
    if code.bytecode == nil {
      guard let size = header.word(8), let number = header.word(32), size <= 1 << 32 else {
        return nil
      }
      return (address &+ 40 &+ (size <= 0xff ? size : size <= 0xffff ? 2 * size : 4 * size), number)
    }
    guard
      let indexSize: UInt8 = header.integer(at: 9), indexSize < 32,
      header.integer(at: 10, as: UInt8.self) == 0, let number = header.word(24)
    else { return nil }
    return (address &+ 32 &+ (UInt64(1) << UInt64(indexSize)), number)
  }
}
