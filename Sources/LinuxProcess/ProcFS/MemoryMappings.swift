internal import Bytes

/// A mapping of a file's beginning into a process, from /proc/PID/maps.
package struct FileMapping: Hashable, Sendable {
  package let range: Range<UInt64>
  package let path: String
}

/// Scans /proc/PID/maps for what begins a file's image in memory.
///
/// A line, as the kernel writes it (fs/proc/task_mmu.c, show_map_vma):
///
///     55d0c0000000-55d0c0002000 r--p 00000000 fe:00 1835   /usr/bin/python3.13
///     start       -end          perm offset   dev   inode  path
package enum MemoryMappings {
  /// Returns the mappings at file offset 0 with paths that pass `isWanted`, by their addresses.
  package static func beginnings(
    in maps: [UInt8], where isWanted: (String) -> Bool
  ) -> [FileMapping] {
    var result: [FileMapping] = []
    var rest = maps[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
      let line = rest[..<end]
      rest = end < rest.endIndex ? rest[(end + 1)...] : []
      if let mapping = FileMapping(beginning: line), isWanted(mapping.path) {
        result.append(mapping)
      }
    }
    return result
  }
}

extension FileMapping {
  /// Returns nil if the line is damaged, or doesn't map a file's beginning.
  fileprivate init?(beginning line: ArraySlice<UInt8>) {
    var scanner = HexadecimalScanner(line)
    guard let start = scanner.number(until: 0x2d), let end = scanner.number(until: 0x20),
      start < end, scanner.skip(until: 0x20), scanner.number(until: 0x20) == 0,
      scanner.skip(until: 0x20), scanner.rest.first != 0x30, scanner.skip(until: 0x20)
    else { return nil }
    let path = scanner.rest.drop { $0 == 0x20 }
    guard path.first == 0x2f else { return nil }
    self.init(range: start..<end, path: String(decoding: path, as: UTF8.self))
  }
}
