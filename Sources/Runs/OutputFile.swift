internal import Bytes
internal import Glibc
package import LinuxProcess
package import SystemPackage

/// A descriptor to which whole texts are written.
package struct OutputFile: Sendable {
  private let descriptor: Int32

  package init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Opens a file for writing, and makes it and the folders around it if they aren't there. It keeps
  /// what it has until `empty` is called, and nothing else of spawntrace can open it meanwhile.
  ///
  /// The corresponding C calls are `open`, `mkdir` and `fcntl` with F_OFD_SETLK.
  package init(opening path: String) throws(OutputObstacle) {
    // Appending writes at the file's end even if another process writes to the file or cuts it.
    let file = try GuardedPath.open(path, O_WRONLY | O_APPEND, makesFiles: true)
    guard Self.lock(file.rawValue) else { throw .inUse }
    descriptor = file.released()
  }

  /// F_OFD_SETLK of fcntl(2), the same number on each architecture: a lock of the open file, and none
  /// of flock(2), which the caller may hold.
  private static let setLock: Int32 = 37

  /// Locks a regular file against other outputs. Returns false if it is locked already; a lock that
  /// the file system doesn't have is none.
  private static func lock(_ file: Int32) -> Bool {
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return true }
    // A run that was killed lets go of its files when its tree has ended.
    let deadline = Instant.now + .seconds(1)
    while true {
      var lock = Glibc.flock()
      lock.l_type = Int16(F_WRLCK)
      lock.l_whence = Int16(SEEK_SET)
      if fcntl(file, Self.setLock, &lock) == 0 || errno != EAGAIN && errno != EACCES { return true }
      guard Instant.now < deadline else { return false }
      usleep(10_000)
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
