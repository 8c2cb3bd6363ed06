package import TraceModel

/// The start of a worker, as the stack shows it when multiprocessing imports the module that does
/// it.
///
/// `Process.start` calls `_Popen` of a context, which imports `popen_spawn_posix` or
/// `popen_forkserver` only then (Lib/multiprocessing/context.py, CPython 3.4 to 3.15). So in a
/// fresh interpreter the first start opens that module's file with these frames on the stack. Other
/// imports of the module have no such frame: a connection that is unpickled, a script that imports
/// it itself.
package struct StartAttempt: Sendable {
  /// The index of the frame that asks for the new process.
  package let start: Int
  /// The run of another process's main module that the start is part of, if it is: the start is
  /// refused or, in libraries without the check, begins anew.
  package let mainRun: MainRun?

  /// The index of the first frame outside of that run.
  package var reexecution: Int? { mainRun?.end }

  /// Reads the frames of a stack, innermost first; nil if they show no start.
  ///
  /// - Parameter path: The file that is opened. Only frames of its package (multiprocessing,
  ///   multiprocess, billiard) count.
  package init?(_ frames: [PythonFrame], opening path: String) {
    guard StarterModule(path: path)?.isRefusedInBootWindow == true else { return nil }
    self.init(frames, startedBy: path)
  }

  /// Finds the start of a worker by a module that was loaded before, while that module runs: one of
  /// multiprocessing's, or a library's with the same shape (loky's popen_loky_posix.py).
  package init?(_ frames: [PythonFrame]) {
    let starter = frames.first {
      StarterModule(path: $0.path)?.isRefusedInBootWindow == true || $0.plays(.launches)
    }
    guard let starter else { return nil }
    self.init(frames, startedBy: starter.path)
  }

  private init?(_ frames: [PythonFrame], startedBy path: String) {
    var folder = path.directory
    if folder.hasSuffix("/__pycache__") { folder = folder.dropLast("/__pycache__".count) }
    // A cached module may have been compiled elsewhere: only the last two names are the file's.
    let package = folder.utf8.split(separator: UInt8(ascii: "/")).last
    func isOfPackage(_ frame: PythonFrame) -> Bool {
      guard let package else { return true }
      let folder = frame.path.directory.utf8
      return folder.count >= package.count && folder.suffix(package.count).elementsEqual(package)
    }
    let start = frames.firstIndex { isOfPackage($0) && $0.plays(.asksForProcess) }
    guard let start else { return nil }
    self.start = start
    mainRun = MainRun(frames[start...], isOfStarter: isOfPackage)
  }
}
