internal import Glibc
package import LinuxProcess
package import SystemPackage

/// Writes a file's new text in the place of its old one.
package enum EditedFile {
  /// Why a file was left as it is.
  package enum Failure: Error, Hashable, Sendable {
    /// The text is no longer the one that the edit was made for.
    case changedMeanwhile
    /// It can't be opened.
    case refused(OutputObstacle)
    /// It can't be written.
    case system(Errno)
  }

  /// Replaces a text. The file keeps its owner, mode, links and other attributes, because the same
  /// file is written to, and gets a new time. If it can't be written as a whole, it gets its old
  /// text back.
  ///
  /// The corresponding C calls are `open`, `read`, `pwrite` and `ftruncate`.
  package static func replace(
    _ original: [UInt8], by edited: [UInt8], at path: String
  ) throws(Failure) {
    let file: OwnedDescriptor
    do throws(OutputObstacle) {
      file = try GuardedPath.open(path, O_RDWR, makesFiles: false)
    } catch {
      throw .refused(error)
    }
    let descriptor = file.rawValue
    guard text(of: descriptor, count: original.count) == original else { throw .changedMeanwhile }
    if let error = write(edited, to: descriptor) {
      _ = write(original, to: descriptor)
      throw .system(error)
    }
  }

  private static func text(of descriptor: Int32, count: Int) -> [UInt8]? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size == count else { return nil }
    var result = [UInt8](repeating: 0, count: count)
    var read = 0
    while read < count {
      let step = result[read...].withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(read))
      }
      guard step > 0 || step < 0 && errno == EINTR else { return nil }
      read += max(step, 0)
    }
    return result
  }

  private static func write(_ text: [UInt8], to descriptor: Int32) -> Errno? {
    var written = 0
    while written < text.count {
      let step = text[written...].withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(written))
      }
      guard step > 0 || step < 0 && errno == EINTR else { return Errno(rawValue: errno) }
      written += max(step, 0)
    }
    guard ftruncate(descriptor, off_t(text.count)) == 0 else { return Errno(rawValue: errno) }
    return nil
  }
}
