internal import Bytes
internal import Glibc

/// What /proc tells of a process that can't run on meanwhile.
package struct ProcessFacts {
  package let process: Int32

  package init(process: Int32) {
    self.process = process
  }

  /// Whether there is such a process, be it a zombie.
  package var isThere: Bool {
    access("/proc/\(process)", F_OK) == 0
  }

  /// The name under which this process finds the program's file.
  package var executablePath: String {
    "/proc/\(process)/exe"
  }

  /// The program's file, links resolved; nil where the process is gone.
  package var executable: String? {
    destination(ofLink: "/proc/\(process)/exe")
  }

  package var executableStatus: FileStatus? {
    FileStatus(path: "/proc/\(process)/exe")
  }

  /// The arguments that the program was given; empty where the process is gone.
  package var arguments: [String] {
    guard var bytes = contents(of: "/proc/\(process)/cmdline")?[...] else { return [] }
    if bytes.last == 0 { bytes = bytes.dropLast() }
    return bytes.split(separator: 0, omittingEmptySubsequences: false).map {
      String(exactly: $0)
    }
  }

  /// The environment that the program was given, each variable with a NUL behind it; empty where the
  /// process is gone.
  package var environment: [UInt8] {
    contents(of: "/proc/\(process)/environ") ?? []
  }

  package var workingDirectory: String? {
    destination(ofLink: "/proc/\(process)/cwd")
  }

  /// What an absolute path leads to in the process's own mount namespace and root.
  package func status(of path: String) -> FileStatus? {
    FileStatus(path: rooted(path))
  }

  /// The name under which this process finds a file of the other's.
  package func rooted(_ path: String) -> String {
    "/proc/\(process)/root\(path)"
  }

  /// Whether `thread` is one of the process's threads.
  package func hasThread(_ thread: Int32) -> Bool {
    access("/proc/\(process)/task/\(thread)", F_OK) == 0
  }
}
