internal import Bytes
internal import CSpawnTrace
internal import Glibc

/// The fields of `stat(2)` that the tracer uses.
package struct FileStatus: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64
  package let isDirectory: Bool
  package let isRegular: Bool
  /// A character device, as /dev/null and terminals are.
  package let isDevice: Bool
  /// Whether it is a pipe with a name (fifo(7)).
  package let isPipe: Bool
  /// The permission bits (S_IRWXU and the others).
  package let permissions: UInt32
  /// Whether opening it can block, as with a FIFO or a terminal.
  package let mayWaitToOpen: Bool
  /// Whether executing it changes the user or the group (S_ISUID, S_ISGID).
  package let isSetID: Bool
  package let size: Int
  /// When the contents were changed: seconds and nanoseconds since 1970.
  package let modified: [Int]

  /// Returns nil if there is no such file. The corresponding C call is `stat`.
  package init?(path: String) {
    self.init(path: path, followsLink: true)
  }

  /// Returns nil if there is no such file. The corresponding C calls are `stat` and `lstat`.
  package init?(path: String, followsLink: Bool) {
    var status = stat()
    let found = path.withExactCString {
      followsLink ? stat($0, &status) : lstat($0, &status)
    }
    guard found == 0 else { return nil }
    self.init(status)
  }

  /// Finds a file below a folder, with `resolution` restricting the way there (RESOLVE_ flags).
  /// Returns nil if there is no such file.
  ///
  /// The corresponding C call is `openat2`.
  package init?(path: String, within folder: String, resolution: UInt64, followsLink: Bool) {
    let file = path.withExactCString { path in
      folder.withExactCString { spawntrace_find_within($0, path, resolution, followsLink) }
    }
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
    let kind = status.st_mode & S_IFMT
    // Major number 1: /dev/null and its kin (Documentation/admin-guide/devices.txt).
    isRegular = kind == S_IFREG
    isDevice = kind == S_IFCHR
    isPipe = kind == S_IFIFO
    permissions = status.st_mode & 0o777
    mayWaitToOpen = isPipe || kind == S_IFCHR && status.st_rdev >> 8 & 0xfff != 1
    isSetID = status.st_mode & (S_ISUID | S_ISGID) != 0
    size = Int(status.st_size)
    modified = [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
  }
}
