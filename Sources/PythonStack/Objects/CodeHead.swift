import ELFImage

/// The first bytes of a code object, from behind the reference count to the line table.
///
/// These bytes don't change while the object lives: they are sizes, flags, the first line, and the
/// pointers to constants, names, file and line table.
struct CodeHead: Sendable {
  let record: RemoteRecord

  /// Copies the first bytes of the code object at `address`; nil if they aren't readable.
  init?(
    at address: UInt64, _ code: StructureOffsets.Code, in memory: inout some MemoryReader
  ) {
    let end =
      max(code.filename, code.name, code.qualifiedName ?? 0, code.firstLine, code.lineTable) + 8
    guard let record = RemoteRecord(at: address, count: end, in: &memory) else { return nil }
    self.record = record
  }

  /// Whether both heads have the same bytes from `offset` on.
  func isSame(as other: CodeHead, from offset: Int) -> Bool {
    record.isSame(as: other.record, from: offset)
  }
}
