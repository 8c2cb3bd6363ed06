/// Tracebacks as workers write them.
enum WorkerTracebacks {
  /// An exception of a module-level statement, while the main script is imported.
  static func importing(_ exception: String, line: Int) -> String {
    """
    Traceback (most recent call last):
      File "<string>", line 1, in <module>
      File "\(Stacks.library)/multiprocessing/spawn.py", line 122, in spawn_main
        exitcode = _main(fd, parent_sentinel)
      File "\(Stacks.library)/multiprocessing/spawn.py", line 297, in _fixup_main_from_path
        main_content = runpy.run_path(main_path,
                       ^^^^^^^^^^^^^^^^^^^^^^^^^
      File "<frozen runpy>", line 287, in run_path
      File "/w/main.py", line \(line), in <module>
        raise ValueError("twice")
    \(exception)

    """
  }

  /// CPython's refusal of a start by a module-level statement.
  static func refused(line: Int) -> String {
    """
    Traceback (most recent call last):
      File "\(Stacks.library)/multiprocessing/spawn.py", line 297, in _fixup_main_from_path
        main_content = runpy.run_path(main_path,
      File "/w/main.py", line \(line), in <module>
        process.start()
      File "\(Stacks.library)/multiprocessing/spawn.py", line 140, in _check_not_importing_main
        raise RuntimeError('''
    RuntimeError: 
            An attempt has been made to start a new process before the

    """
  }

  /// An exception of a worker's task.
  static func working(_ exception: String, line: Int) -> String {
    """
    Process SpawnPoolWorker-1:
    Traceback (most recent call last):
      File "\(Stacks.library)/multiprocessing/process.py", line 313, in _bootstrap
        self.run()
      File "\(Stacks.library)/multiprocessing/pool.py", line 109, in worker
        initializer(*initargs)
      File "/w/main.py", line \(line), in init
        raise ValueError("no")
    \(exception)

    """
  }

  /// The stack when the interpreter itself prints an uncaught exception: no frame is left.
  static let uncaught = Stacks.read([])
  /// The same by `Process._bootstrap`.
  static let bootstrap = Stacks.read(
    [
      Stacks.frame(Stacks.library + "/traceback.py", 125, "print_exception"),
      Stacks.frame(Stacks.library + "/traceback.py", 198, "print_exc"),
      Stacks.frame(Stacks.library + "/multiprocessing/process.py", 329, "_bootstrap"),
    ], Stacks.spawnMain())
  /// The same by a program that has caught it and goes on.
  static let caught = Stacks.read(
    [
      Stacks.frame(Stacks.library + "/traceback.py", 198, "print_exc"),
      Stacks.frame("/w/main.py", 30, "work"),
    ], Stacks.target)
}
