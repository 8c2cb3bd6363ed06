internal import Bytes
internal import Glibc
internal import LinuxProcess

/// What spawntrace itself says, all of it on standard error.
enum StandardError {
  /// One line with the program's name in front.
  static func say(_ message: String) {
    write("spawntrace: \(message)\n")
  }

  /// Writes at once. Nobody may be reading: then it is lost, and the program's result is not.
  static func write(_ text: String) {
    _ = OutputFile(descriptor: 2).write(text)
  }
}

/// A descriptor that is written to as a whole.
struct OutputFile {
  let descriptor: Int32

  /// Opens a file for writing, empty; nil with `errno` set where that fails.
  static func create(_ path: String) -> OutputFile? {
    // To its end, whoever else writes or cuts it.
    let descriptor = path.withExactCString {
      open($0, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
    }
    return descriptor < 0 ? nil : OutputFile(descriptor: descriptor)
  }

  /// Writes all of a text; returns 0 or the errno that stopped it.
  ///
  /// The corresponding C call is `write`. The descriptor may be in the program's hands, too, and set
  /// to non-blocking by it.
  func write(_ text: String) -> Int32 {
    write(text.exactBytes)
  }

  /// The same for bytes; all of them go with one call where the kernel takes them.
  func write(_ bytes: [UInt8]) -> Int32 {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if count < 0 && errno == EAGAIN {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&entry, 1, -1) >= 0 || errno == EINTR else { return errno }
      } else if count == 0 || errno != EINTR {
        return count == 0 ? EIO : errno
      }
    }
    return 0
  }

  /// Closes it; returns 0 or the errno with which the last of it was lost.
  func close() -> Int32 {
    Glibc.close(descriptor) == 0 ? 0 : errno
  }
}
