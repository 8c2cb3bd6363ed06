internal import Bytes
package import TraceModel

/// The part that a frame of multiprocessing, or of a library of its shape, plays.
///
/// The names are those of CPython 3.4 to 3.15 (Lib/multiprocessing, Lib/concurrent/futures) and of
/// multiprocess, billiard and loky, which keep them under another package's name.
package enum LibraryFrame: Hashable, Sendable {
  /// Asks for a new process: `Process.start` (process.py) or a context's `_Popen` (context.py).
  case asksForProcess
  /// Makes the new process: `Popen._launch` (popen_*.py).
  case launches
  /// Makes the new process by fork alone: `Popen._launch` (popen_fork.py).
  case forks
  /// Starts a Pool's workers: `_repopulate_pool` (pool.py).
  case fillsPool
  /// Replaces a Pool's workers that have ended: `_maintain_pool` (pool.py), in a thread of its own.
  case refillsPool
  /// Runs a Pool's tasks in a worker: `worker` (pool.py).
  case servesPool
  /// Runs the parent's main module again in a worker, or in a forkserver for its workers
  /// (spawn.py).
  case preparesMain
  /// Refuses a start while the main module is prepared: `_check_not_importing_main` (spawn.py).
  case refusesStart
  /// Does what the command line of a worker, a server or a tracker asks for: `spawn_main`
  /// (spawn.py), `main` (forkserver.py, resource_tracker.py), or `freeze_support`, which calls one
  /// of them in a frozen program.
  case servesCommandLine
  /// Runs a worker's work: `BaseProcess._bootstrap` (process.py).
  case bootstraps
  /// Pickles what is sent to another process: `dump` and `dumps` (reduction.py).
  case pickles
  /// Sends a result back to the parent (concurrent/futures/process.py).
  case returnsResult

  package init?(_ frame: PythonFrame) {
    let path = frame.path
    // Asked of every frame of every stack: lengths tell most names apart at once.
    switch (frame.function.utf8.count, frame.function) {
    case (5, "start") where path.ends(with: "/process.py"): self = .asksForProcess
    case (6, "_Popen") where path.ends(with: "/context.py") || path.ends(with: "/process.py"):
      self = .asksForProcess
    case (7, "_launch") where path.fileNameBegins(with: "popen_fork."): self = .forks
    case (7, "_launch") where path.fileNameBegins(with: "popen_"): self = .launches
    case (16, "_repopulate_pool") where path.ends(with: "/pool.py"): self = .fillsPool
    case (14, "_maintain_pool") where path.ends(with: "/pool.py"): self = .refillsPool
    case (6, "worker") where path.ends(with: "/pool.py"): self = .servesPool
    case (21, "_fixup_main_from_path") where path.ends(with: "/spawn.py"),
      (21, "_fixup_main_from_name") where path.ends(with: "/spawn.py"),
      (16, "import_main_path") where path.ends(with: "/spawn.py"):
      self = .preparesMain
    case (25, "_check_not_importing_main") where path.ends(with: "/spawn.py"): self = .refusesStart
    case (14, "freeze_support"), (15, "_freeze_support"): self = .servesCommandLine
    case (10, "spawn_main") where path.ends(with: "spawn.py"),
      (4, "main") where path.ends(with: "forkserver.py") || path.ends(with: "_tracker.py"):
      self = .servesCommandLine
    case (10, "_bootstrap") where path.ends(with: "/process.py"): self = .bootstraps
    case (4, "dump") where path.ends(with: "/reduction.py"),
      (5, "dumps") where path.ends(with: "/reduction.py"):
      self = .pickles
    case (16, "_sendback_result"), (15, "_process_worker"): self = .returnsResult
    default: return nil
    }
  }

  /// The frame of a worker that runs its parent's main module again, as `StartAttempt` finds it:
  /// for an invented stack.
  package static func preparation(inFolder folder: some StringProtocol) -> PythonFrame {
    PythonFrame(path: folder + "/spawn.py", line: nil, function: "_fixup_main_from_path")
  }
}

extension PythonFrame {
  /// Whether the frame makes a semaphore, and registers it with the resource tracker:
  /// `SemLock.__init__` (synchronize.py).
  package var makesSemaphore: Bool {
    function == "__init__" && path.ends(with: "/synchronize.py")
  }

  /// Whether the frame plays `part` in multiprocessing.
  package func plays(_ part: LibraryFrame) -> Bool {
    LibraryFrame(self) == part
  }

  /// Whether the frame asks a context for a process (context.py, `_Popen` of each `Process`).
  package var asksContext: Bool { function == "_Popen" && path.ends(with: "/context.py") }

  /// Whether the frame's module starts the resource tracker, for a start or a lock
  /// (resource_tracker.py, semaphore_tracker.py).
  package var isOfTracker: Bool { path.ends(with: "_tracker.py") }

  /// Whether the frame's file is `traceback.py`, which prints an exception.
  package var printsTraceback: Bool { path.ends(with: "/traceback.py") }

  /// Whether the frame prints an exception that nothing has caught (traceback.py, since 3.13).
  package var printsUncaught: Bool { function == "_print_exception_bltin" && printsTraceback }

  /// Whether the frame reads a source file to show its lines (Lib/linecache.py, `updatecache`).
  package var readsSource: Bool { path.ends(with: "/linecache.py") }

  /// Whether the frame runs `unittest.main()`, which ends the interpreter when it is done
  /// (Lib/unittest/main.py, `runTests`).
  package var runsUnittestMain: Bool { path.ends(with: "/unittest/main.py") }

  /// Whether the frame's function ends the interpreter when it has written its message:
  /// `unittest.main()`; `exit` of a command line's parser (Lib/argparse.py, Lib/optparse.py, click);
  /// `main` of a package that parses one.
  package var endsInterpreter: Bool {
    if runsUnittestMain { return true }
    switch function {
    case "exit": return CodeOrigin(path: path) != .user
    case "main", "abort": return CodeOrigin(path: path) == .package
    default: return false
    }
  }

  /// Whether unittest runs a test in the frame: it catches the test's errors
  /// (Lib/unittest/case.py).
  package var runsUnittestCase: Bool { path.ends(with: "/unittest/case.py") }

  /// Whether the frame makes, fills or maintains a Pool (pool.py).
  package var isOfPool: Bool { path.ends(with: "/pool.py") && function.contains("pool") }

  /// Whether the frame runs a Pool's initializer in a worker (pool.py, `worker`).
  package var runsPoolInitializer: Bool {
    plays(.servesPool) && source?.line.contains("initializer(") == true
  }

  /// Whether the frame may call code of the program: a thread, a worker's preparation, a script of
  /// runpy, a test.
  package var runsProgramCode: Bool {
    ["/threading.py", "/spawn.py", "/runpy.py", "/unittest/"].contains { path.contains($0) }
  }

  /// Whether the frame belongs to a thread that looks after others at intervals and does none of
  /// the program's work: a Pool's handlers (pool.py; they poll up to 3.7), a progress bar's monitor
  /// (`run` in tqdm's _monitor.py).
  package var looksAfterOthers: Bool {
    switch function {
    case "_handle_workers", "_handle_tasks", "_handle_results": path.ends(with: "/pool.py")
    case "run": path.ends(with: "_monitor.py")
    default: false
    }
  }

  /// Whether the frame's statement takes a lock: a `with`, or a call of `acquire`. Other waits for
  /// locks are those of events, queues and threads.
  package var takesLock: Bool {
    guard !path.ends(with: "/threading.py") || function != "wait", let line = source?.line else {
      return false
    }
    return line.contains(".acquire(")
      || line.drop { $0 == " " || $0 == "\t" }.hasPrefix("with ")
  }

  /// Whether the frame's file belongs to multiprocessing or a library like it.
  package var isOfMultiprocessing: Bool {
    Self.packages.contains { path.containsBytes($0) }
      || path.hasPrefix("multiprocessing/") || path.hasPrefix("concurrent/futures/")
  }

  private static let packages: [StaticString] = [
    "/multiprocessing/", "/multiprocess/", "/billiard/", "/loky/", "/concurrent/futures/",
  ]
}
