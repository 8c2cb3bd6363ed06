internal import Bytes
internal import Glibc
package import SystemPackage

/// A descriptor to which whole texts are written.
package struct OutputFile: Sendable {
  private let descriptor: Int32

  package init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Opens a file for writing and empties it; makes the folders around it that aren't there. The
  /// corresponding C calls are `open` and `mkdir`.
  package init(creating path: String) throws(Errno) {
    try self.init(path, O_TRUNC)
  }

  /// The same for a file that keeps what it has until `empty` is called.
  package init(keeping path: String) throws(Errno) {
    try self.init(path, 0)
  }

  private init(_ path: String, _ flags: Int32) throws(Errno) {
    var opened = Self.open(path, flags)
    if opened < 0, errno == ENOENT, Self.makeFolders(around: path) {
      opened = Self.open(path, flags)
    }
    if opened < 0 { throw Errno(rawValue: errno) }
    descriptor = opened
  }

  private static func open(_ path: String, _ flags: Int32) -> Int32 {
    // Appending writes at the file's end even if another process writes to the file or cuts it.
    path.withExactCString {
      Glibc.open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0o666)
    }
  }

  /// Empties a file; one that has no size, as a pipe, is none.
  ///
  /// The corresponding C call is `ftruncate`.
  package func empty() {
    _ = ftruncate(descriptor, 0)
  }

  /// The corresponding C call is `isatty`.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Whether it is a file on a disk, and no pipe or device.
  package var isRegular: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Returns whether all folders are there now; else `errno` says why not.
  private static func makeFolders(around path: String) -> Bool {
    var end = path.startIndex
    while let slash = path[end...].dropFirst().firstIndex(of: "/") {
      end = slash
      let folder = String(path[..<slash])
      guard folder.withExactCString({ mkdir($0, 0o777) }) == 0 || errno == EEXIST else {
        return false
      }
    }
    return end > path.startIndex
  }

  /// Writes all of a text.
  package func write(_ text: String) throws(Errno) {
    try write(text.exactBytes)
  }

  /// Writes all bytes, with one call if the kernel accepts them at once.
  ///
  /// The corresponding C call is `write`. The program may share the descriptor and have made it
  /// non-blocking.
  package func write(_ bytes: [UInt8]) throws(Errno) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if count < 0 && errno == EAGAIN {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&entry, 1, -1) >= 0 || errno == EINTR else { throw Errno(rawValue: errno) }
      } else if count == 0 || errno != EINTR {
        throw count == 0 ? .ioError : Errno(rawValue: errno)
      }
    }
  }

  /// Closes the descriptor; an error means that the last of what was written is lost (close(2)).
  package func close() throws(Errno) {
    if Glibc.close(descriptor) != 0 { throw Errno(rawValue: errno) }
  }
}
