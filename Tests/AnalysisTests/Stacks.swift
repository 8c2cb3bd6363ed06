import TraceModel

/// Frames of Python stacks, innermost first, as interpreters show them when the module is imported
/// that starts a worker. The lines of the standard library's frames are CPython 3.13's.
enum Stacks {
  static let library = "/usr/lib/python3.13"
  static let version = PythonVersion(major: 3, minor: 13, micro: 0)

  static func frame(
    _ path: String, _ line: Int?, _ function: String, module: String? = nil,
    source: String? = nil
  ) -> PythonFrame {
    PythonFrame(
      path: path, line: line, function: function, module: module,
      source: source.map { SourceExcerpt(line: $0) })
  }

  /// A module-level statement of a script that a worker runs.
  static func main(_ line: Int, _ source: String? = nil, path: String = "/w/main.py") -> PythonFrame
  {
    frame(path, line, "<module>", module: "__mp_main__", source: source)
  }

  static func read(_ frames: [PythonFrame]...) -> StackReading {
    .read(PythonCallStack(version: version, frames: frames.flatMap { $0 }))
  }

  // MARK: Parts

  static let importing = [
    frame("<frozen importlib._bootstrap_external>", 1185, "get_data"),
    frame("<frozen importlib._bootstrap>", 1360, "_find_and_load"),
  ]

  /// `Process.start` down to the import.
  static func start(_ folder: String = library + "/multiprocessing") -> [PythonFrame] {
    importing + [
      frame(folder + "/context.py", 289, "_Popen"), frame(folder + "/process.py", 121, "start"),
    ]
  }

  static let pool =
    start() + [
      frame(library + "/multiprocessing/pool.py", 329, "_repopulate_pool_static"),
      frame(library + "/multiprocessing/pool.py", 306, "_repopulate_pool"),
      frame(library + "/multiprocessing/pool.py", 215, "__init__"),
      frame(library + "/multiprocessing/context.py", 119, "Pool"),
    ]

  static let executor =
    start() + [
      frame(library + "/concurrent/futures/process.py", 812, "_spawn_process"),
      frame(library + "/concurrent/futures/process.py", 794, "_adjust_process_count"),
      frame(library + "/concurrent/futures/process.py", 835, "submit"),
    ]

  static let manager =
    start() + [
      frame(library + "/multiprocessing/managers.py", 562, "start"),
      frame(library + "/multiprocessing/context.py", 57, "Manager"),
    ]

  /// `unittest` between a test and the statement that runs it.
  static let unittest = [
    frame(library + "/unittest/case.py", 606, "_callTestMethod"),
    frame(library + "/unittest/runner.py", 240, "run"),
  ]

  /// `import helper` of a file.
  static let importingHelper = [
    frame("<frozen importlib._bootstrap_external>", 1026, "exec_module"),
    frame("<frozen importlib._bootstrap>", 1360, "_find_and_load"),
  ]

  /// The frames of a worker that runs its parent's script again.
  static func boot(
    _ folder: String = library + "/multiprocessing", by function: String = "_fixup_main_from_path"
  ) -> [PythonFrame] {
    [
      frame("<frozen runpy>", 88, "_run_code"),
      frame("<frozen runpy>", 287, "run_path"),
      frame(folder + "/spawn.py", 297, function),
      frame(folder + "/spawn.py", 246, "prepare"),
    ] + spawnMain(folder)
  }

  /// The rest of a worker's stack: without `boot`, the boot window is over or unpickling goes on.
  static func spawnMain(_ folder: String = library + "/multiprocessing") -> [PythonFrame] {
    [
      frame(folder + "/spawn.py", 131, "_main"), frame(folder + "/spawn.py", 122, "spawn_main"),
      frame("<string>", 1, "<module>", module: "__main__"),
    ]
  }

  /// A worker that runs its target.
  static let target =
    [
      frame(library + "/multiprocessing/process.py", 108, "run"),
      frame(library + "/multiprocessing/process.py", 313, "_bootstrap"),
    ] + spawnMain()

  /// The frames that start a worker with fork.
  static let forking = [
    frame(library + "/multiprocessing/popen_fork.py", 66, "_launch"),
    frame(library + "/multiprocessing/process.py", 121, "start"),
  ]

  /// A Pool's own thread starts a worker for one that has ended.
  static let replacement = read(
    start() + [
      frame(library + "/multiprocessing/pool.py", 329, "_repopulate_pool_static"),
      frame(library + "/multiprocessing/pool.py", 346, "_maintain_pool"),
      frame(library + "/multiprocessing/pool.py", 519, "_handle_workers"),
      frame(library + "/threading.py", 992, "run"),
    ])

  /// A Pool is made at a line of the main script.
  static func makingPool(line: Int) -> StackReading {
    read(pool, [frame("/w/main.py", line, "<module>", module: "__main__")])
  }

  /// `Process.start` at a line of the main script.
  static func starting(line: Int, path: String = "/w/main.py") -> StackReading {
    read(start(), [frame(path, line, "<module>", module: "__main__")])
  }

  static let spawnModule = library + "/multiprocessing/popen_spawn_posix.py"
  static let forkserverModule = library + "/multiprocessing/popen_forkserver.py"
}
