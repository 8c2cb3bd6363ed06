internal import Bytes
internal import Glibc

/// An open file, which is read from its current position.
package final class FileSource: ByteSource {
  private let descriptor: Int32

  /// Reads standard input.
  package init() {
    descriptor = 0
  }

  /// Opens a file. The corresponding C call is `open`.
  package init(path: String) throws(InputError) {
    descriptor = path.withExactCString { open($0, O_RDONLY | O_CLOEXEC | O_NOCTTY) }
    if descriptor < 0 { throw .system(errno) }
  }

  deinit {
    if descriptor > 2 { close(descriptor) }
  }

  /// The corresponding C call is `read`.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw .system(errno) }
    }
  }
}
