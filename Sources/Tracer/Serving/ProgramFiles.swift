internal import LinuxProcess

/// The texts of files as the traced programs see them.
struct ProgramFiles {
  /// Other texts than the files' own; nil if there are none.
  var served: ServedFiles?

  /// Returns the text of a file, or its first `limit` bytes; nil if it can't be read.
  ///
  /// - Parameter path: The file's path as we reach it.
  func text(of path: String, atMost limit: Int = 1 << 22) -> [UInt8]? {
    if let served, let text = FileStatus(path: path).flatMap(served.text) {
      return Array(text.prefix(limit))
    }
    return contents(of: path, atMost: limit)
  }
}
