internal import Bytes
internal import Glibc
internal import SystemPackage

/// A copy of a folder among the temporary files, which is removed with its owner.
package final class FolderCopy {
  /// Absolute, without symbolic links.
  package let path: String

  /// Copies everything with its attributes; nil if that fails, or there is more than `limit` bytes.
  ///
  /// The corresponding C calls are `mkdtemp` and `posix_spawnp`, of cp(1).
  package init?(of folder: String, atMost limit: Int) {
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((temporary + "/spawntrace-XXXXXX").utf8CString)
    guard Self.size(of: folder, atMost: limit) <= limit,
      let made = template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap { mkdtemp($0) } })
    else { return nil }
    let path = String(cString: made)
    self.path = resolvedPath(path) ?? path
    guard Self.run(["cp", "-a", "--", folder + "/.", self.path]) else {
      return nil
    }
  }

  deinit {
    _ = Self.run(["rm", "-rf", "--", path])
  }

  /// The bytes of all files, or some number above the limit.
  private static func size(of folder: String, atMost limit: Int) -> Int {
    var size = 0
    var folders = [folder]
    while let folder = folders.popLast(), size <= limit {
      for name in entryNames(ofDirectory: folder) ?? [] {
        let path = folder + "/" + name
        guard let status = FileStatus(path: path, followsLink: false) else { continue }
        // A folder's own entry counts, too: there may be millions of empty ones.
        size += max(status.size, 256)
        if status.isDirectory { folders.append(path) }
      }
    }
    return size
  }

  private static func run(_ words: [String]) -> Bool {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { $0.withExactCString { strdup($0) } }
    arguments.append(nil)
    defer { arguments.forEach { free($0) } }
    var process: pid_t = 0
    guard posix_spawnp(&process, words[0], nil, nil, arguments, environ) == 0 else { return false }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return false }
    }
    return status == 0
  }
}

extension OwnProcess {
  /// Changes the working directory; false if that isn't possible.
  ///
  /// The corresponding C call is `chdir`.
  package static func enter(_ folder: String) -> Bool {
    folder.withExactCString { chdir($0) } == 0
  }
}
