internal import TraceModel

/// The start of a worker, as the stack shows it when multiprocessing imports the module that does it.
///
/// `Process.start` calls `_Popen` of a context, which imports `popen_spawn_posix` or
/// `popen_forkserver` only then (Lib/multiprocessing/context.py, CPython 3.4 to 3.15), so that in a
/// fresh interpreter the first start opens that module's file with these frames on the stack. Other
/// imports of it have no such frame: a connection that is unpickled, a script that imports it itself.
struct StartAttempt {
  /// The index of the frame that asks for the new process.
  let start: Int
  /// The index of the frame that runs the main module again, where there is one farther out: a worker
  /// is being prepared, and its start is refused or, in libraries without the check, begins anew.
  let reexecution: Int?

  /// nil where the stack shows no start. `path` is the file that is opened: the package that it is in
  /// (multiprocessing, multiprocess, billiard) is the one whose frames count.
  init?(_ frames: [PythonFrame], opening path: String) {
    guard Self.isStarter(path) else { return nil }
    self.init(frames, startedBy: path)
  }

  /// Whether a file is that of a module that starts workers: `popen_spawn_posix.py`, or its compiled
  /// form.
  static func isStarter(_ path: String) -> Bool {
    path.fileNameBegins(with: "popen_spawn_posix.")
      || path.fileNameBegins(with: "popen_forkserver.")
  }

  /// The last stacks that were looked at for the start of a worker: a recording has each stack once, and
  /// thousands of events name it.
  struct Cache: Sendable {
    struct Known: Sendable {
      fileprivate let frames: [PythonFrame]
      fileprivate let path: String?
      fileprivate let directory: String
      let attempt: StartAttempt?
      /// The start for which `path` is opened, where it is.
      let opening: StartAttempt?
      /// The frames with absolute paths, where there is a start that runs the main module again.
      let absolute: [PythonFrame]
    }

    private var known: [Known] = []

    /// What a stack shows that was read when `path` was opened, or at another event.
    mutating func look(
      _ frames: [PythonFrame], opening path: String?, in directory: String
    ) -> Known {
      let place = frames.withUnsafeBufferPointer { $0.baseAddress }
      // The frames are kept here, so nothing else can come to their place.
      let hit = known.first { other in
        other.frames.count == frames.count
          && other.frames.withUnsafeBufferPointer { $0.baseAddress } == place
          && other.path == path && other.directory == directory
      }
      if let hit { return hit }
      let opening = path.flatMap { StartAttempt(frames, opening: $0) }
      let attempt = opening ?? StartAttempt(frames)
      let new = Known(
        frames: frames, path: path, directory: directory, attempt: attempt, opening: opening,
        absolute: attempt?.reexecution == nil ? [] : frames.absolute(in: directory))
      if known.count == 8 { known.removeFirst() }
      known.append(new)
      return new
    }
  }

  /// The start of a worker by one of the modules that do it, seen when that runs: it was loaded before.
  init?(_ frames: [PythonFrame]) {
    let starter = frames.first { frame in
      frame.path.ends(with: "/popen_spawn_posix.py")
        || frame.path.ends(with: "/popen_forkserver.py")
    }
    guard let starter else { return nil }
    self.init(frames, startedBy: starter.path)
  }

  private init?(_ frames: [PythonFrame], startedBy path: String) {
    var folder = path.directory
    if folder.hasSuffix("/__pycache__") { folder = folder.dropLast("/__pycache__".count) }
    // A cached module may have been compiled elsewhere: only the last two names are the file's.
    let package = String(
      folder.utf8.split(separator: UInt8(ascii: "/")).last.map { Substring($0) } ?? "")
    let (context, process) = (package + "/context.py", package + "/process.py")
    let start = frames.firstIndex { frame in
      switch frame.function {
      case "_Popen": frame.path.ends(with: context) || frame.path.ends(with: process)
      case "start": frame.path.ends(with: process)
      default: false
      }
    }
    guard let start else { return nil }
    self.start = start
    let spawn = package + "/spawn.py"
    reexecution = frames[start...].firstIndex { frame in
      Self.preparations.contains(frame.function) && frame.path.ends(with: spawn)
    }
  }

  /// What runs the parent's main module in a worker (Lib/multiprocessing/spawn.py; the last one is
  /// called by a forkserver that prepares it for all its workers).
  static let preparations: Set<String> = [
    "_fixup_main_from_path", "_fixup_main_from_name", "import_main_path",
  ]
}

extension PythonCallStack {
  /// The frames of the user's own code, innermost first, with absolute paths.
  func userFrames(in directory: String) -> [PythonFrame] {
    frames.absolute(in: directory).filter { CodeOrigin(path: $0.path) == .user }
  }
}

extension [PythonFrame] {
  /// The frames with absolute paths; what is no file stays as it is.
  func absolute(in directory: String) -> [PythonFrame] {
    map { frame in
      var frame = frame
      if CodeOrigin(path: frame.path) != .generated {
        frame.path = frame.path.absolutePath(in: directory)
      }
      return frame
    }
  }
}
