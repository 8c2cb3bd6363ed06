internal import Glibc
internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

/// Files that a Python program opens just before it starts its first worker.
///
/// A program that starts workers by spawn or fork first creates a process, the resource tracker or
/// the worker, and that start is seen with a stack. With forkserver it first pickles what the
/// worker is to run (Lib/multiprocessing/popen_forkserver.py, `_launch`), and if that fails,
/// nothing else was seen. The tracer doesn't see the opens of programs that aren't under the
/// filter, but inotify reports these.
struct StarterFiles {
  private let monitor: FileOpenMonitor?
  /// Whether an interpreter's module is monitored, by the interpreter's file.
  private var known: [FileIdentity: Bool] = [:]

  init() {
    monitor = FileOpenMonitor()
  }

  /// Readable when a process has opened one of them; -1 if they can't be monitored.
  var rawDescriptor: Int32 {
    monitor?.rawDescriptor ?? -1
  }

  /// Closes the descriptor after this process, which is about to exit.
  func closeAfterExit() {
    if known.values.contains(true) { monitor?.closeAfterExit() }
  }

  /// Drains the reports of opened files.
  func drain() {
    monitor?.drain()
  }

  /// Monitors the module of the interpreter that a process executes; false if it isn't found.
  mutating func add(_ execution: Execution, of process: ProcessID) -> Bool {
    guard let identity = execution.executableIdentity else { return false }
    if let known = known[identity] { return known }
    let isMonitored = add(interpreter: execution.executable, of: process)
    known[identity] = isMonitored
    return isMonitored
  }

  private func add(interpreter: String, of process: ProcessID) -> Bool {
    guard let monitor, let version = PythonVersion(fileName: interpreter.lastPathComponent) else {
      return false
    }
    let root = ProcessFolder(process)
    // CPython, Modules/getpath.py: lib/python3.13 below the folder that bin is in, python3.13t for
    // free-threaded builds; Fedora's is lib64.
    let prefix = String(interpreter.directory).directory
    let name = "python\(version.major).\(version.minor)"
    for library in ["/lib/", "/lib64/"] {
      for flavour in ["", "t"] {
        let folder = root.rooted("\(prefix)\(library)\(name)\(flavour)")
        // Versions before 3.4 have no forkserver.
        guard FileStatus(path: folder + "/multiprocessing")?.isDirectory == true else { continue }
        for file in StarterModule.forkserver.files(of: version, flavour: flavour) {
          _ = monitor.add("\(folder)/\(file)")
        }
        return true
      }
    }
    return false
  }
}
