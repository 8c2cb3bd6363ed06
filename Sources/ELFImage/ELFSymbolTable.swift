/// A table of symbols, which has not been checked.
struct ELFSymbolTable {
  /// The offset of the first symbol in the file.
  var symbols: UInt64
  /// The offset of the names in the file.
  var names: UInt64
  /// The size of the names in bytes.
  var namesSize: UInt64

  /// The size of a symbol in a 64-bit file, in bytes (`Elf64_Sym`).
  static let symbolSize: UInt64 = 24

  /// The symbol at `index`, if it is a definition of `name`.
  @inline(__always)
  func definition(
    _ index: UInt64, named name: UnsafeBufferPointer<UInt8>, in bytes: ELFBytes
  ) -> ELFSymbol? {
    let (distance, isTooFar) = index.multipliedReportingOverflow(by: Self.symbolSize)
    let (position, isBeyond) = symbols.addingReportingOverflow(distance)
    guard
      !isTooFar, !isBeyond, bytes.contains(position, Self.symbolSize),
      let nameOffset = bytes.integer(at: position, as: UInt32.self),
      UInt64(nameOffset) < namesSize
    else { return nil }
    let (nameStart, isNameBeyond) = names.addingReportingOverflow(UInt64(nameOffset))
    guard
      !isNameBeyond, bytes.isString(at: nameStart, name),
      // Section number 0 (`SHN_UNDEF`) is a reference to another file's symbol.
      let section = bytes.integer(at: position + 6, as: UInt16.self), section != 0,
      let address = bytes.integer(at: position + 8, as: UInt64.self), address != 0,
      let size = bytes.integer(at: position + 16, as: UInt64.self)
    else { return nil }
    return ELFSymbol(address: address, size: size)
  }

  /// The first definition of `name` among `count` symbols; each is examined.
  func firstDefinition(
    named name: UnsafeBufferPointer<UInt8>, among count: UInt64, in bytes: ELFBytes
  ) -> ELFSymbol? {
    guard symbols < bytes.count else { return nil }
    for index in 0..<min(count, (bytes.count - symbols) / Self.symbolSize) {
      if let symbol = definition(index, named: name, in: bytes) {
        return symbol
      }
    }
    return nil
  }
}
