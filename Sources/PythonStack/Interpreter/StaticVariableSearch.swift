import ELFImage

/// The search for the interpreter among the static variables of a stripped CPython 2.7 or 3.6.
///
/// The exported symbols lead to the interpreter only while a thread holds the GIL, and a thread
/// that opens a file has released it. The list of interpreters begins at a static variable
/// (`interp_head`, Python/pystate.c) that has no initial value, so it is one of those that follow
/// the file's data.
enum StaticVariableSearch {
  /// The most bytes of variables that are searched: 3.6 has 0.2 MB of them.
  private static let limit: UInt64 = 16 << 20
  private static let pageSize = 4096

  /// The newest interpreter that one of the variables points to; nil if none does.
  ///
  /// An interpreter is recognized by its thread state: this points back to the interpreter, and its
  /// `thread_id` is the address of a thread's control block
  /// (``Architecture/isControlBlock(at:in:)``).
  static func newestInterpreter(
    among variables: Range<UInt64>, _ offsets: StructureOffsets, in memory: inout some MemoryReader
  ) -> UInt64? {
    guard variables.upperBound - variables.lowerBound <= limit else { return nil }
    var found: (address: UInt64, count: Int)?
    var seen: Set<UInt64> = []
    var page = variables.lowerBound & ~7
    while page < variables.upperBound {
      let count = min(Int(variables.upperBound - page), pageSize - Int(page & 4095))
      // A page that the process never touched may be unreadable to us.
      for pointer in memory.bytes(at: page, count: count).map(pointers) ?? []
      where !variables.contains(pointer) && seen.insert(pointer).inserted {
        // Other variables point to the main interpreter, which is the last in the list.
        let length = lengthOfList(from: pointer, offsets, &memory)
        if length > found?.count ?? 0 { found = (pointer, length) }
      }
      page += UInt64(count)
    }
    return found?.address
  }

  private static func pointers(in bytes: [UInt8]) -> [UInt64] {
    bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count & ~7, by: 8).compactMap { offset in
        let word = UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        return word & 7 == 0 && Architecture.userAddresses.contains(word) ? word : nil
      }
    }
  }

  /// The number of interpreters in the list from this one on; 0 if this isn't an interpreter.
  private static func lengthOfList(
    from first: UInt64, _ offsets: StructureOffsets, _ memory: inout some MemoryReader
  ) -> Int {
    var count = 0
    var interpreter = first
    while interpreter != 0, count < 64 {
      guard
        let thread: UInt64 = memory.integer(
          at: interpreter &+ UInt64(offsets.interpreter.threads)),
        // `interp` is the field behind `next` (CPython 2.7 and 3.6, Include/pystate.h).
        memory.integer(at: thread &+ UInt64(offsets.thread.next) &+ 8) == interpreter,
        let control: UInt64 = memory.integer(at: thread &+ UInt64(offsets.thread.identifier)),
        Architecture.isControlBlock(at: control, in: &memory),
        let next: UInt64 = memory.integer(at: interpreter &+ UInt64(offsets.interpreter.next))
      else { return 0 }
      count += 1
      interpreter = next
    }
    return count
  }
}
