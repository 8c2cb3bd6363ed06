/// Memory that processes share: a file's, or that of `shm_open(3)` and `sem_open(3)`.
package struct SharedMapping: Hashable, Sendable {
  package let range: Range<UInt64>
  package let inode: UInt64
  /// Ends with ` (deleted)` if the file has no name any more.
  package let path: String
}

extension MemoryMappings {
  /// Returns the shared mappings in the order of their addresses, without damaged lines.
  package static func shared(in maps: [UInt8]) -> [SharedMapping] {
    MappingLine.all(in: maps) { $0.isShared }.map {
      SharedMapping(range: $0.range, inode: $0.inode, path: $0.path)
    }
  }
}
