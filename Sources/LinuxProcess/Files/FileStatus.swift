internal import Bytes
internal import Glibc

/// The fields of `stat(2)` that the tracer uses.
package struct FileStatus: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64
  package let isDirectory: Bool
  /// Whether opening it can block, as with a FIFO or a terminal.
  package let mayWaitToOpen: Bool
  /// Whether executing it changes the user or the group (S_ISUID, S_ISGID).
  package let isSetID: Bool
  package let size: Int
  /// When the contents were changed: seconds and nanoseconds since 1970.
  package let modified: [Int]

  /// Returns nil if there is no such file. The corresponding C call is `stat`.
  package init?(path: String) {
    var status = stat()
    guard path.withExactCString({ stat($0, &status) }) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
    let kind = status.st_mode & S_IFMT
    // Major number 1: /dev/null and its kin (Documentation/admin-guide/devices.txt).
    mayWaitToOpen = kind == S_IFIFO || kind == S_IFCHR && status.st_rdev >> 8 & 0xfff != 1
    isSetID = status.st_mode & (S_ISUID | S_ISGID) != 0
    size = Int(status.st_size)
    modified = [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
  }
}
