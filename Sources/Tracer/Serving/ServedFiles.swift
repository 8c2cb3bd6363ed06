internal import LinuxProcess
internal import Multiprocessing
internal import SystemPackage
internal import TraceModel

/// The files of which the traced programs see other texts, and the answers to calls that ask for
/// them.
///
/// A file is known by its identity, so each of its names counts. One that is replaced during the
/// run is another file, and not served any more.
final class ServedFiles {
  enum Answer {
    /// The call returns a descriptor of this text.
    case text(MemoryFile, closesOnExec: Bool)
    case error(Errno)
  }

  private var texts: [FileIdentity: (file: MemoryFile, bytes: [UInt8])] = [:]
  /// The folders that the files are in.
  private var folders: Set<FileIdentity> = []
  private let strings = StringArgumentReader()

  init(_ overlays: [Overlay]) throws(OverlayObstacle) {
    guard ProcMount.current == .usable else { throw .processFilesUnusable }
    for overlay in overlays {
      guard let status = FileStatus(path: overlay.path), status.isRegular else {
        throw .noSuchFile(path: overlay.path)
      }
      do throws(Errno) {
        let file = try MemoryFile(overlay.text, like: status)
        texts[FileIdentity(status)] = (file, overlay.text)
      } catch {
        throw .textNotKept(error)
      }
      for path in [overlay.path, resolvedPath(overlay.path) ?? overlay.path] {
        guard let folder = FileStatus(path: String(path.directory) + "/") else { continue }
        folders.insert(FileIdentity(folder))
      }
    }
  }

  /// The text that programs see in the place of a file's own; nil for other files.
  func text(of status: FileStatus) -> [UInt8]? {
    texts[FileIdentity(status)]?.bytes
  }

  /// The answer to a call; nil if it is to go on as it would without us.
  func answer(to call: SystemCall, by thread: ThreadID, of process: ProcessID) -> Answer? {
    guard let request = FileRequest(call, by: thread, strings) else { return nil }
    let paths = ThreadPaths(thread, of: process)
    switch request.purpose {
    case .other: return nil
    case .read(let closesOnExec):
      if cachesServed(request, paths) { return .error(.noSuchFileOrDirectory) }
      guard let status = status(of: request, paths), let text = texts[FileIdentity(status)] else {
        return nil
      }
      return .text(text.file, closesOnExec: closesOnExec)
    case .write: return cachesServed(request, paths) ? .error(.permissionDenied) : nil
    case .makeFolder:
      return isNewCacheFolder(request, paths) ? .error(.permissionDenied) : nil
    }
  }

  /// Whether the path is that of a cached module of such a file. It would be valid for another text:
  /// importlib compares the source's time and size, and those are the file's own
  /// (Lib/importlib/_bootstrap_external.py, `get_code`). A module that can't be cached is compiled,
  /// and no error is shown (`set_data`).
  private func cachesServed(_ request: FileRequest, _ paths: ThreadPaths) -> Bool {
    request.path.possibleSourcesOfCachedModule.contains { source in
      paths.status(of: source, from: request.directory)
        .map { texts[FileIdentity($0)] != nil } ?? false
    }
  }

  /// Whether the call makes the folder for cached modules beside such a file. Nothing is to be left
  /// behind, and `set_data` does without it.
  private func isNewCacheFolder(_ request: FileRequest, _ paths: ThreadPaths) -> Bool {
    let path = request.path.last == "/" ? String(request.path.dropLast()) : request.path
    guard path.lastPathComponent == "__pycache__" else { return false }
    let parent = String(path.dropLast("__pycache__".count)) + "."
    guard let folder = paths.status(of: parent, from: request.directory),
      folders.contains(FileIdentity(folder))
    else { return false }
    return paths.status(of: path, from: request.directory) == nil
  }

  private func status(of request: FileRequest, _ paths: ThreadPaths) -> FileStatus? {
    paths.status(
      of: request.path, from: request.directory, resolution: request.resolution,
      followsLink: request.followsLink)
  }
}
