internal import Bytes

/// A line of /proc/PID/maps; ``MemoryMappings`` shows one.
struct MappingLine {
  /// The permissions, which are read before the rest of the line.
  struct Permissions {
    let isExecutable: Bool
    let isShared: Bool
  }

  let range: Range<UInt64>
  let fileOffset: UInt64
  /// As `stat(2)` has it on most filesystems.
  let device: UInt64
  let inode: UInt64
  let path: String

  /// Parses the lines with permissions that pass `isWanted`, and leaves out damaged ones.
  static func all(in maps: [UInt8], where isWanted: (Permissions) -> Bool) -> [MappingLine] {
    var result: [MappingLine] = []
    var rest = maps[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
      if let line = MappingLine(rest[..<end], where: isWanted) { result.append(line) }
      rest = end < rest.endIndex ? rest[(end + 1)...] : []
    }
    return result
  }

  private init?(_ line: ArraySlice<UInt8>, where isWanted: (Permissions) -> Bool) {
    var scanner = HexadecimalScanner(line)
    guard
      let start = scanner.number(until: 0x2d), let end = scanner.number(until: 0x20), start < end
    else { return nil }
    let permissions = Permissions(
      isExecutable: scanner.rest.dropFirst(2).first == UInt8(ascii: "x"),
      isShared: scanner.rest.dropFirst(3).first == UInt8(ascii: "s"))
    guard
      isWanted(permissions), scanner.skip(until: 0x20), let offset = scanner.number(until: 0x20),
      let major = scanner.number(until: 0x3a), let minor = scanner.number(until: 0x20)
    else { return nil }
    let digits = scanner.rest.prefix { $0 != 0x20 }
    guard let inode = UInt64(Substring(decoding: digits, as: UTF8.self)) else { return nil }
    range = start..<end
    fileOffset = offset
    // makedev(3): the kernel prints the two parts of what stat(2) gives as one number.
    device = (major & ~0xfff) << 32 | (major & 0xfff) << 8 | (minor & ~0xff) << 12 | (minor & 0xff)
    self.inode = inode
    path = String(exactly: scanner.rest.drop { $0 != 0x20 }.drop { $0 == 0x20 })
  }
}
