internal import Bytes
internal import Glibc

/// A descriptor for writing that keeps a pipe with a name (fifo(7)) open: as long as a process reads
/// the pipe, another open of it doesn't wait.
package final class PipeWriter {
  private let descriptor: OwnedDescriptor

  package enum Attempt {
    /// A process reads the pipe.
    case opened(PipeWriter)
    /// An open for writing would wait until one does.
    case noReader
    /// It isn't such a pipe, or can't be opened.
    case otherFile
  }

  private init(_ descriptor: consuming OwnedDescriptor) {
    self.descriptor = descriptor
  }

  /// Tries to open a pipe without waiting.
  ///
  /// The corresponding C calls are `stat` and `open`, which fails with ENXIO if there is no reader.
  package static func open(_ path: String) -> Attempt {
    guard FileStatus(path: path)?.isPipe == true else { return .otherFile }
    let descriptor = path.withExactCString {
      Glibc.open($0, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    }
    if descriptor >= 0 { return .opened(PipeWriter(OwnedDescriptor(descriptor))) }
    return errno == ENXIO ? .noReader : .otherFile
  }
}
