internal import Bytes
internal import Glibc

/// What stands in a folder.
enum DirectoryListing {
  /// The names in it, without `.` and `..`; nil where the path is no folder that can be read.
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

  /// The corresponding C call is `access`.
  static func exists(_ path: String) -> Bool {
    path.withExactCString { access($0, F_OK) } == 0
  }
}
