internal import Glibc

/// Copies of standard input and output, for a second command: the tracer gives them away when the
/// first one has them (`releaseStandardDescriptors`).
package struct StandardDescriptorCopies: ~Copyable {
  private let copies: [(number: Int32, copy: Int32)]
  /// Where the input was read from at the beginning; negative if it has no such place.
  private let inputOffset: off_t

  /// The corresponding C calls are `fcntl(F_DUPFD_CLOEXEC)` and `lseek`.
  package init() {
    inputOffset = lseek(STDIN_FILENO, 0, SEEK_CUR)
    copies = [STDIN_FILENO, STDOUT_FILENO].map { number in
      (number, fcntl(number, F_DUPFD_CLOEXEC, 10))
    }
  }

  deinit {
    for (_, copy) in copies where copy >= 0 { close(copy) }
  }

  /// Puts the descriptors back as they were, and the input to its beginning if it is a file.
  ///
  /// The corresponding C calls are `dup2` and `lseek`.
  package func restore() {
    for (number, copy) in copies where copy >= 0 { dup2(copy, number) }
    if inputOffset >= 0 { lseek(STDIN_FILENO, inputOffset, SEEK_SET) }
  }

  /// Whether the input is a pipe or a socket: what was read from it is gone.
  package var inputIsStream: Bool {
    var status = stat()
    guard copies[0].copy >= 0, fstat(copies[0].copy, &status) == 0 else { return false }
    return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  /// Standard output as it was; -1 if it was closed.
  package var output: Int32 { copies[1].copy }
}
