/// The search index of an unwind table: .eh_frame_hdr (Linux Standard Base Core
/// Specification 5.0, 10.6.2).
package struct ELFUnwindIndex: Hashable, Sendable {
  /// The address in memory before relocation.
  package var address: UInt64
  /// The address of the search table: sorted pairs of 32-bit distances from `address`.
  package var table: UInt64
  /// The number of pairs.
  package var count: UInt64
  /// The address of the unwind table's entries; nil if it is given in an unusual form.
  package var entries: UInt64?

  package init(address: UInt64, table: UInt64, count: UInt64, entries: UInt64?) {
    self.address = address
    self.table = table
    self.count = count
    self.entries = entries
  }
}

extension ELFImage {
  /// The index of the file's unwind table; nil if it has none, or one in a form that no current
  /// linker writes.
  package var unwindIndex: ELFUnwindIndex? {
    guard
      let segment = segments.first(where: { $0.kind == .unwindIndex }),
      let offset = fileOffset(ofAddress: segment.address), bytes.contains(offset, 12),
      let version = bytes.integer(at: offset, as: UInt8.self), version == 1,
      let frameEncoding = bytes.integer(at: offset + 1, as: UInt8.self),
      let countEncoding = bytes.integer(at: offset + 2, as: UInt8.self),
      let tableEncoding = bytes.integer(at: offset + 3, as: UInt8.self),
      // The table's own address in four bytes, whatever it is relative to (DW_EH_PE_udata4,
      // sdata4); the count in four (DW_EH_PE_udata4); the pairs relative to the index (datarel |
      // sdata4).
      frameEncoding & 0xf == 0x3 || frameEncoding & 0xf == 0xb, countEncoding == 0x3,
      tableEncoding == 0x3b,
      let count = bytes.integer(at: offset + 8, as: UInt32.self), count > 0,
      segment.memorySize >= 12, UInt64(count) <= (segment.memorySize - 12) / 8
    else { return nil }
    let (table, isBeyond) = segment.address.addingReportingOverflow(12)
    guard !isBeyond else { return nil }
    // DW_EH_PE_pcrel | sdata4.
    let distance = frameEncoding == 0x1b ? bytes.integer(at: offset + 4, as: Int32.self) : nil
    return ELFUnwindIndex(
      address: segment.address, table: table, count: UInt64(count),
      entries: distance.map { segment.address &+ 4 &+ UInt64(bitPattern: Int64($0)) })
  }
}
