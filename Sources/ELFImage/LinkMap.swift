/// The files that the dynamic linker has loaded into a process, from the linker's own list.
///
/// Debuggers read the same list (<link.h>: `struct r_debug`, `struct link_map`; the same in glibc
/// and musl). Only some pages are read, while for /proc/PID/maps the kernel writes a line for each
/// mapping.
package struct LinkMap {
  /// A loaded file.
  package struct Entry: Hashable, Sendable {
    /// The path that the linker used for the file; empty for the program itself.
    package let path: String
    /// The number that was added to the file's addresses.
    package let bias: UInt64
  }

  /// The most entries that are read: more than a program loads. A longer list is damaged.
  private static let limit = 1024
  /// PATH_MAX of <linux/limits.h>.
  private static let pathLimit = 4096

  /// The number that was added to the program's own addresses.
  package let programBias: UInt64
  private let dynamicSection: UInt64?

  /// Finds the list of a process from the kernel's information for its linker (getauxval(3)): the
  /// address of the program's headers, AT_PHDR, and their number, AT_PHNUM. nil if they can't be
  /// read.
  package init?(
    programHeaders: UInt64, count: Int, memory: inout some MemoryReader
  ) {
    guard programHeaders != 0, count > 0, count <= 64 else { return nil }
    // struct Elf64_Phdr: p_type at 0, p_vaddr at 16, 56 bytes each.
    var bias: UInt64?
    var dynamic: UInt64?
    for index in 0..<UInt64(count) {
      let header = programHeaders &+ index &* 56
      guard let kind = memory.word(at: header), let address = memory.word(at: header &+ 16) else {
        return nil
      }
      switch UInt32(truncatingIfNeeded: kind) {
      case 6: bias = programHeaders &- address  // PT_PHDR
      case 2: dynamic = address  // PT_DYNAMIC
      default: break
      }
    }
    // A program without PT_PHDR is linked statically, or to a fixed address.
    programBias = bias ?? 0
    dynamicSection = dynamic.map { $0 &+ (bias ?? 0) }
  }

  /// The first loaded file that `isWanted`; nil if there is none, or the list can't be read.
  package func first(
    in memory: inout some MemoryReader, where isWanted: (String) -> Bool
  ) -> Entry? {
    guard let list = debuggerList(in: &memory) else { return nil }
    // struct link_map: l_addr, l_name, l_ld, l_next.
    var node = list
    for _ in 0..<Self.limit where node != 0 {
      guard let bias = memory.word(at: node), let name = memory.word(at: node &+ 8),
        let next = memory.word(at: node &+ 24)
      else { return nil }
      if let path = memory.text(at: name, limit: Self.pathLimit), isWanted(path) {
        return Entry(path: path, bias: bias)
      }
      node = next
    }
    return nil
  }

  /// The address of the list: `r_map`, at offset 8 in the structure that DT_DEBUG points to.
  private func debuggerList(in memory: inout some MemoryReader) -> UInt64? {
    guard let dynamicSection else { return nil }
    // struct Elf64_Dyn: d_tag, d_val. The table ends with DT_NULL.
    for index in 0..<UInt64(256) {
      let entry = dynamicSection &+ index &* 16
      guard let tag = memory.word(at: entry), tag != 0 else { return nil }
      guard tag == 21 else { continue }  // DT_DEBUG
      guard let debug = memory.word(at: entry &+ 8), debug != 0 else { return nil }
      return memory.word(at: debug &+ 8)
    }
    return nil
  }
}

extension MemoryReader {
  fileprivate mutating func word(at address: UInt64) -> UInt64? {
    var word: UInt64 = 0
    let count = withUnsafeMutableBytes(of: &word) { read(at: address, into: $0) }
    return count == 8 ? UInt64(littleEndian: word) : nil
  }

  /// The text up to a NUL; nil if there is none within the limit.
  fileprivate mutating func text(at address: UInt64, limit: Int) -> String? {
    withUnsafeTemporaryAllocation(byteCount: limit, alignment: 8) { buffer in
      var end = 0
      while end < limit {
        let chunk = UnsafeMutableRawBufferPointer(rebasing: buffer[end..<min(end + 64, limit)])
        let count = read(at: address &+ UInt64(end), into: chunk)
        if let length = chunk[..<count].firstIndex(of: 0) {
          return String(decoding: buffer[..<(end + length)], as: UTF8.self)
        }
        guard count == chunk.count else { return nil }
        end += count
      }
      return nil
    }
  }
}
