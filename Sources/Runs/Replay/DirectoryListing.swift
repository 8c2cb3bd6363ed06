internal import Bytes
internal import Glibc
internal import LinuxProcess

/// The names in a folder.
enum DirectoryListing {
  /// Returns the names without `.` and `..`; nil if the path isn't a folder that can be read.
  ///
  /// The corresponding C calls are `opendir` and `readdir`.
  static func names(in path: String) -> [String]? {
    entryNames(ofDirectory: path)
  }

  /// Whether there is anything with this name. The corresponding C call is `access`.
  static func exists(_ path: String) -> Bool {
    path.withExactCString { access($0, F_OK) } == 0
  }
}
