internal import Bytes
internal import Glibc

/// A folder with inputs in it.
package enum Folder {
  /// The working directory; nil if it was removed. The corresponding C call is `getcwd`.
  package static var current: String? {
    guard let path = getcwd(nil, 0) else { return nil }
    defer { free(path) }
    return String(exactly: UnsafeRawBufferPointer(start: path, count: strlen(path)))
  }

  /// Returns the names in a folder without `.` and `..`, in the order of their bytes.
  ///
  /// The corresponding C calls are `opendir` and `readdir`.
  package static func names(in path: String) throws(InputError) -> [String] {
    guard let folder = path.withExactCString({ opendir($0) }) else { throw .system(errno) }
    defer { closedir(folder) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else {
        // The end, or an error in the middle.
        if errno != 0 { throw .system(errno) }
        break
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { String(exactly: $0) }
  }
}

/// What a path leads to.
package enum PathKind: Hashable, Sendable {
  case file
  /// A folder, by its device and inode.
  case folder(device: UInt64, inode: UInt64)
  case link
  case fifo
  /// A socket or a device; what it is, in words.
  case special(String)

  /// The corresponding C calls are `stat` and `lstat`.
  package init(path: String, followingLinks: Bool) throws(InputError) {
    var status = stat()
    let result = path.withExactCString {
      followingLinks ? stat($0, &status) : lstat($0, &status)
    }
    guard result == 0 else { throw .system(errno) }
    self =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
      case S_IFLNK: .link
      case S_IFIFO: .fifo
      case S_IFSOCK: .special("a socket")
      default: .special("a device")
      }
  }
}
