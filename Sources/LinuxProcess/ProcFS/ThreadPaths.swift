internal import CSpawnTrace
internal import Glibc
package import TraceModel

/// The files that a thread finds by its paths: in its mount namespace, from its root, its working
/// directory or a descriptor of its own.
///
/// A thread that is gone finds nothing. /proc has to be usable (`ProcMount`).
package struct ThreadPaths {
  private let folder: String
  private let process: ProcessID

  package init(_ thread: ThreadID, of process: ProcessID) {
    folder = ProcMount.folder(of: thread)
    self.process = process
  }

  /// Finds a file as openat2(2) does.
  ///
  /// - Parameters:
  ///   - directory: The descriptor of the folder that a relative path begins at; nil or AT_FDCWD for
  ///     the working directory.
  ///   - resolution: RESOLVE_ flags of <linux/openat2.h>.
  package func status(
    of path: String, from directory: Int32? = nil, resolution: UInt64 = 0,
    followsLink: Bool = true
  ) -> FileStatus? {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    // RESOLVE_NO_XDEV, RESOLVE_NO_MAGICLINKS and RESOLVE_CACHED don't lead to another file.
    let restriction = resolution & ~(0x01 | 0x02 | 0x20)
    if restriction != 0 {
      return FileStatus(
        path: path, within: start(from: directory), resolution: restriction,
        followsLink: followsLink)
    }
    if !isAbsolute {
      return FileStatus(path: start(from: directory) + "/" + path, followsLink: followsLink)
    }
    let root = folder + "/root"
    if let own = FileStatus(path: "/"), let other = FileStatus(path: root),
      own.inode != other.inode || own.device != other.device,
      // RESOLVE_IN_ROOT: an absolute link begins at the thread's root, not at ours.
      let found = FileStatus(
        path: path, within: root, resolution: 0x10, followsLink: followsLink)
    {
      return found
    }
    return FileStatus(path: root + ownNames(in: path), followsLink: followsLink)
  }

  private func start(from directory: Int32?) -> String {
    guard let directory, directory != AT_FDCWD else { return folder + "/cwd" }
    return folder + "/fd/\(directory)"
  }

  /// The path with the process's number for the names that mean each process itself: proc(5),
  /// `/proc/self`; `/dev/fd` and `/dev/stdin` are links to it.
  private func ownNames(in path: String) -> String {
    for (name, meaning) in [
      ("/proc/self/", "/proc/\(process)/"), ("/dev/fd/", "/proc/\(process)/fd/"),
    ] where path.hasPrefix(name) {
      return meaning + path.dropFirst(name.count)
    }
    return path == "/dev/stdin" ? "/proc/\(process)/fd/0" : path
  }
}
