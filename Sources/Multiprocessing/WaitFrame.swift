internal import Bytes
package import TraceModel

/// What a thread waits for by a frame of CPython's own modules (Lib, 3.6 to 3.15).
package enum WaitFrame: Hashable, Sendable {
  /// The lock of a module that another thread imports (`_ModuleLock.acquire`, importlib).
  case importLock
  /// `task_done()` for each item of a queue: `join` of queue.py and of a `JoinableQueue`.
  case queueTasks
  /// The thread that writes what was put into a queue, when the process ends (`_finalize_join`).
  case queueFeeder
  /// An item of a queue: `get` of a multiprocessing queue.
  case queueItem
  /// An answer from a Manager's process: `_callmethod` (managers.py).
  case manager
  /// The end of a subprocess: `wait` (subprocess.py).
  case subprocess

  package init?(_ frame: PythonFrame) {
    let path = frame.path
    switch frame.function {
    case "acquire" where frame.isOfImport: self = .importLock
    case "join" where path.ends(with: "/queues.py") || path.ends(with: "/queue.py"):
      self = .queueTasks
    case "get" where path.ends(with: "/queues.py"): self = .queueItem
    case "_finalize_join" where path.ends(with: "/queues.py"): self = .queueFeeder
    case "_callmethod" where path.ends(with: "/managers.py"): self = .manager
    case "wait" where path.ends(with: "/subprocess.py"): self = .subprocess
    default: return nil
    }
  }
}

extension PythonFrame {
  /// Whether the frame is importlib's own, which is frozen into the interpreter.
  package var isOfImport: Bool {
    path.containsBytes("importlib._bootstrap") || path.ends(with: "/importlib/_bootstrap.py")
  }

  /// Whether the frame's file is a Manager's (managers.py).
  package var isOfManager: Bool { path.ends(with: "/managers.py") }
}
