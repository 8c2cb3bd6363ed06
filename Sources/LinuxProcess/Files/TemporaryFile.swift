internal import Bytes
internal import CSpawnTrace
internal import Glibc
package import SystemPackage

/// A file in TMPDIR that loses its name with this object. What is mounted of it stays.
package final class TemporaryFile {
  package let path: String

  /// Makes a file that has the permissions of another one, and another time.
  ///
  /// The corresponding C call is `mkostemp`.
  package init(_ bytes: [UInt8], like status: FileStatus) throws(Errno) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let template = strdup(folder + "/spawntrace-XXXXXX")
    defer { free(template) }
    guard let template else { throw .noMemory }
    let error = bytes.withUnsafeBytes {
      spawntrace_temporary_file(
        template, $0.baseAddress, $0.count, status.permissions | S_IRUSR,
        Int64(status.modified[0]))
    }
    if error != 0 { throw Errno(rawValue: error) }
    path = String(cString: template)
  }

  deinit {
    path.withExactCString { _ = unlink($0) }
  }
}
