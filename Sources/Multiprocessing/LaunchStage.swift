package import TraceModel

/// How far a thread is with the start of a worker, as its stack shows it.
///
/// `Popen._launch` of spawn asks for the resource tracker, pickles the task, makes two pipes, and
/// starts the worker. That of forkserver pickles first, and then connects to the server, which it
/// starts if there is none (Lib/multiprocessing/popen_spawn_posix.py, popen_forkserver.py, 3.4 to
/// 3.15).
package enum LaunchStage: Hashable, Sendable {
  /// Asks for the new process, and has not begun to launch it.
  case asking
  /// Asks whether the tracker lives, or starts it.
  case askingTracker
  /// Pickles the task, or what belongs to it.
  case pickling
  /// Launches it: the task is pickled.
  case launching

  /// nil if the stack, innermost first, shows no start; or one that CPython refuses, because main is
  /// being imported in a worker.
  package init?(_ frames: [PythonFrame]) {
    let parts = frames.map(LibraryFrame.init)
    guard let start = parts.firstIndex(of: .asksForProcess),
      !zip(frames[start...], parts[start...]).contains(where: { frame, part in
        part == .preparesMain || frame.isModule && frame.module == MainModule.nameInWorker
      })
    else { return nil }
    guard let launch = parts[..<start].firstIndex(of: .launches) else {
      // Forked workers need no pickle.
      if parts[..<start].contains(.forks) { return nil }
      self = .asking
      return
    }
    let inner = frames[..<launch]
    if parts[..<launch].contains(.pickles)
      || inner.contains(where: { $0.function == "get_preparation_data" })
    {
      self = .pickling
    } else if inner.contains(where: \.isOfForkserver) || !inner.contains(where: \.isOfTracker) {
      self = .launching
    } else {
      self = .askingTracker
    }
  }
}

extension PythonFrame {
  /// Whether the frame's file is that of the forkserver and its clients (forkserver.py).
  fileprivate var isOfForkserver: Bool { path.ends(with: "/forkserver.py") }
}

extension [PythonFrame] {
  /// The frames that ask for a new process: those outside of the library's `Process.start`.
  package var askingForProcess: ArraySlice<PythonFrame> {
    guard let first = firstIndex(where: { $0.plays(.asksForProcess) }) else { return self[...] }
    return self[first...].drop { $0.plays(.asksForProcess) }
  }
}
