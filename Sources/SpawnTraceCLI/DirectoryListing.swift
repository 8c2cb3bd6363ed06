internal import Bytes
internal import Glibc
internal import LinuxProcess

/// What stands in a folder.
enum DirectoryListing {
  /// The names in it, without `.` and `..`; nil where the path is no folder that can be read.
  ///
  /// The corresponding C calls are `opendir` and `readdir`.
  static func names(in path: String) -> [String]? {
    entryNames(ofDirectory: path)
  }

  /// The corresponding C call is `access`.
  static func exists(_ path: String) -> Bool {
    path.withExactCString { access($0, F_OK) } == 0
  }
}
