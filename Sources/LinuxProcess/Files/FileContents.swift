internal import Bytes
internal import Glibc

/// The whole of a regular file, or its first `limit` bytes; nil where it can't be read. Meant for
/// /proc, whose files are regular and have no size.
///
/// The corresponding C calls are `open`, `fstat`, `read` and `close`. What is no regular file is not
/// read: a pipe or a terminal would be waited for, and would miss what was read.
package func contents(of path: String, atMost limit: Int = 1 << 22) -> [UInt8]? {
  let descriptor = path.withExactCString {
    open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
  }
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  var size = 4096
  var result: [UInt8] = []
  var isReadable = true
  while isReadable, result.count < limit {
    let known = result
    let capacity = min(known.count + size, limit)
    result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      _ = buffer.initialize(from: known)
      count = known.count
      while count < capacity {
        let got = read(descriptor, buffer.baseAddress.map { $0 + count }, capacity - count)
        if got <= 0 {
          isReadable = false
          break
        }
        count += got
      }
    }
    size *= 4
  }
  return result
}

/// Where a symbolic link leads; nil where there is none.
///
/// The corresponding C call is `readlink`.
package func destination(ofLink path: String) -> String? {
  withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
    guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
    let count = path.withExactCString { readlink($0, base, buffer.count) }
    guard count >= 0 else { return nil }
    return String(exactly: buffer[..<count])
  }
}

/// What `stat(2)` tells of a file, as far as the tracer asks.
package struct FileStatus: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64
  package let isDirectory: Bool
  /// Whether opening it can wait for somebody: a FIFO, a terminal.
  package let mayWaitToOpen: Bool
  /// Whether executing it changes who the process is (S_ISUID, S_ISGID).
  package let isSetID: Bool
  package let size: Int
  /// Changed when the file's contents change: seconds and nanoseconds since 1970.
  package let modified: [Int]

  /// nil where there is no such file. The corresponding C call is `stat`.
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
