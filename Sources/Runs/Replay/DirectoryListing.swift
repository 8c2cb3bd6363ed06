internal import Bytes
internal import Glibc

/// The names in a folder.
enum DirectoryListing {
  /// Returns the names without `.` and `..`; nil if the path isn't a folder that can be read.
  ///
  /// The corresponding C calls are `opendir` and `readdir`.
  static func names(in path: String) -> [String]? {
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

  /// Whether there is anything with this name. The corresponding C call is `access`.
  static func exists(_ path: String) -> Bool {
    path.withExactCString { access($0, F_OK) } == 0
  }
}
