/// A mapping that code can run in, from /proc/PID/maps.
package struct ExecutableMapping: Hashable, Sendable {
  package let range: Range<UInt64>
  /// Where in the file its first byte is.
  package let fileOffset: UInt64
  /// The file's device, as `stat(2)` has it on most filesystems; 0 where there is no file.
  package let device: UInt64
  /// The file's inode; 0 where there is no file.
  package let inode: UInt64
  /// As the kernel writes it: the file's path in the process's root, with ` (deleted)` behind it where
  /// it has none any more; a name in brackets such as `[vdso]`; empty for other memory.
  package let path: String
}

extension MemoryMappings {
  /// The executable mappings, in the order of their addresses. Damaged lines are left out.
  package static func executable(in maps: [UInt8]) -> [ExecutableMapping] {
    var result: [ExecutableMapping] = []
    var rest = maps[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
      if let mapping = executable(line: rest[..<end]) { result.append(mapping) }
      rest = end < rest.endIndex ? rest[(end + 1)...] : []
    }
    return result
  }

  private static func executable(line: ArraySlice<UInt8>) -> ExecutableMapping? {
    var scanner = HexadecimalScanner(line)
    guard
      let start = scanner.number(until: 0x2d), let end = scanner.number(until: 0x20), start < end,
      scanner.rest.dropFirst(2).first == UInt8(ascii: "x"), scanner.skip(until: 0x20),
      let offset = scanner.number(until: 0x20), let major = scanner.number(until: 0x3a),
      let minor = scanner.number(until: 0x20)
    else { return nil }
    let inode = scanner.rest.prefix { $0 != 0x20 }
    guard let inode = UInt64(Substring(decoding: inode, as: UTF8.self)) else { return nil }
    let path = scanner.rest.drop { $0 != 0x20 }.drop { $0 == 0x20 }
    // makedev(3): the kernel prints the two parts of what stat(2) gives as one number.
    let device =
      (major & ~0xfff) << 32 | (major & 0xfff) << 8 | (minor & ~0xff) << 12 | (minor & 0xff)
    return ExecutableMapping(
      range: start..<end, fileOffset: offset, device: device, inode: inode,
      path: String(decoding: path, as: UTF8.self))
  }
}
