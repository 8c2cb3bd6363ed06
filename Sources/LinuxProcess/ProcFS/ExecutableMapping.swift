/// A mapping that may hold code, from /proc/PID/maps.
package struct ExecutableMapping: Hashable, Sendable {
  package let range: Range<UInt64>
  /// The file offset of its first byte.
  package let fileOffset: UInt64
  /// The file's device, as `stat(2)` has it on most filesystems; 0 if there is no file.
  package let device: UInt64
  /// The file's inode; 0 if there is no file.
  package let inode: UInt64
  /// As the kernel writes it: the file's path in the process's root, with ` (deleted)` behind it if
  /// the file has no path any more; a name in brackets such as `[vdso]`; empty for other memory.
  package let path: String
}

extension MemoryMappings {
  /// Returns the executable mappings in the order of their addresses, without damaged lines.
  package static func executable(in maps: [UInt8]) -> [ExecutableMapping] {
    MappingLine.all(in: maps) { $0.isExecutable }.map {
      ExecutableMapping(
        range: $0.range, fileOffset: $0.fileOffset, device: $0.device, inode: $0.inode,
        path: $0.path)
    }
  }
}
