internal import Bytes
internal import Glibc

/// Returns the names in a directory without `.` and `..`, in no order; nil if it can't be read.
///
/// The corresponding C calls are `opendir` and `readdir`.
package func entryNames(ofDirectory path: String) -> [String]? {
  guard let directory = path.withExactCString({ opendir($0) }) else { return nil }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      String(exactly: bytes.prefix { $0 != 0 })
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
