package import TraceModel

/// The frames of a stack in which a process runs the main module of another process again.
package struct MainRun: Hashable, Sendable {
  /// What makes the process run it.
  package enum Cause: Hashable, Sendable {
    /// multiprocessing, or a library of its shape, prepares a worker (spawn.py).
    case preparation
    /// A library's own worker runs it under the name `__mp_main__`.
    case library
    /// The program's executable is its own worker or tracker, and runs main as `__main__`, because
    /// it doesn't call `multiprocessing.freeze_support()`.
    case executable
  }

  package let cause: Cause
  /// The index of the first frame that isn't part of main's run; the frames before it are.
  package let end: Int

  /// Finds main's run in a worker, innermost frame first; nil if main doesn't run there.
  ///
  /// Only workers use the name `__mp_main__` (Lib/multiprocessing/spawn.py,
  /// `_fixup_main_from_path`; libraries that follow it).
  ///
  /// - Parameter isOfStarter: Whether a frame is of the package that starts the process; it may be
  ///   a copy of multiprocessing under any name.
  package init?(
    _ frames: ArraySlice<PythonFrame>, isOfStarter: (PythonFrame) -> Bool = { _ in false }
  ) {
    if let preparation = frames.firstIndex(where: {
      $0.plays(.preparesMain) && ($0.isOfMultiprocessing || isOfStarter($0))
    }) {
      self.init(.preparation, end: preparation)
    } else if let module = frames.lastIndex(where: {
      $0.isModule && $0.module == MainModule.nameInWorker
    }) {
      self.init(.library, end: module + 1)
    } else {
      return nil
    }
  }

  /// Finds main's run in a process whose command line asks for a worker or a tracker: a frozen
  /// program runs its main module, and what it calls there has to find out that it is a worker.
  ///
  /// nil if it did find out, and in interpreters, where `__main__` is the text of `-c`, or the
  /// module of `-m` that makes the process a worker (loky's).
  ///
  /// - Parameter arguments: The process's command line.
  package init?(ofExecutable frames: [PythonFrame], _ arguments: [String]) {
    guard
      let module = frames.lastIndex(where: { $0.isModule && $0.module == MainModule.name }),
      CodeOrigin(path: frames[module].path) != .generated,
      !Self.isModule(frames[module].path, of: PythonCommandLine(arguments)),
      !frames[...module].contains(where: { $0.plays(.servesCommandLine) })
    else { return nil }
    self.init(.executable, end: module + 1)
  }

  private static func isModule(_ path: String, of line: PythonCommandLine) -> Bool {
    if case .module(let name) = line.target { path.source(ofModule: name) != nil } else { false }
  }

  private init(_ cause: Cause, end: Int) {
    self.cause = cause
    self.end = end
  }
}
