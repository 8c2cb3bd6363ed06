internal import CSpawnTrace
internal import Glibc
package import SystemPackage

/// A text that programs can open like a file. It is on no disk, and nothing can change it.
///
/// The corresponding C call is `memfd_create`.
package final class MemoryFile {
  private let descriptor: OwnedDescriptor

  /// Makes a file that has the permissions and the time of another one.
  package init(_ bytes: [UInt8], like status: FileStatus) throws(Errno) {
    let file = bytes.withUnsafeBytes {
      // Its owner has to open it.
      spawntrace_memory_file(
        $0.baseAddress, $0.count, status.permissions | S_IRUSR, Int64(status.modified[0]),
        Int64(status.modified[1]))
    }
    if file < 0 { throw Errno(rawValue: -file) }
    descriptor = OwnedDescriptor(file)
  }

  /// Opens the file to read, at a position of its own; -1 if that fails.
  ///
  /// The corresponding C call is `open` of /proc/self/fd.
  package func opened() -> OwnedDescriptor {
    OwnedDescriptor(max(spawntrace_reopen(descriptor.rawValue), -1))
  }
}
