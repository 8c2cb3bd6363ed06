internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// The files by whose opening a Python program shows that it is going to start workers, before there is
/// another sign.
///
/// Who starts workers by spawn or fork makes a process first, the resource tracker or the worker, and
/// that is seen with its stack. With forkserver, what the worker is to run is pickled before
/// (Lib/multiprocessing/popen_forkserver.py, `_launch`), and where that fails, nothing else was seen.
/// Programs that aren't under the filter show no opened files, but inotify does, for these alone.
struct StarterFiles {
  private let watch: FileWatch?
  /// By the interpreter's file: whether its module is watched.
  private var known: [FileIdentity: Bool] = [:]

  init() {
    watch = FileWatch()
  }

  /// Readable when somebody has opened one of them; -1 where there is none.
  var rawDescriptor: Int32 {
    watch?.rawDescriptor ?? -1
  }

  /// This process is about to exit.
  func closeBehind() {
    if known.values.contains(true) { watch?.closeBehind() }
  }

  /// Takes away what was told.
  func take() {
    watch?.take()
  }

  /// Watches the module of the interpreter that a process executes; false where it isn't found.
  mutating func add(_ execution: Execution, of process: Int32) -> Bool {
    guard let identity = execution.executableIdentity else { return false }
    if let known = known[identity] { return known }
    let isWatched = add(interpreter: execution.executable, of: process)
    known[identity] = isWatched
    return isWatched
  }

  private func add(interpreter: String, of process: Int32) -> Bool {
    guard let watch, let version = PythonVersion(fileName: interpreter.lastPathComponent) else {
      return false
    }
    let facts = ProcessFacts(process: process)
    // CPython, Modules/getpath.py: lib/python3.13 below the folder that bin is in, python3.13t for
    // free-threaded builds; Fedora's is lib64.
    let prefix = String(interpreter.directory).directory
    let name = "python\(version.major).\(version.minor)"
    for library in ["/lib/", "/lib64/"] {
      for flavour in ["", "t"] {
        let folder = facts.rooted("\(prefix)\(library)\(name)\(flavour)/multiprocessing")
        // Before 3.4 there is none, and no other sign is needed.
        guard FileStatus(path: folder)?.isDirectory == true else { continue }
        let tag = "cpython-\(version.major)\(version.minor)\(flavour)"
        for file in [
          "popen_forkserver.py", "__pycache__/popen_forkserver.\(tag).pyc",
          "__pycache__/popen_forkserver.\(tag).opt-1.pyc",
          "__pycache__/popen_forkserver.\(tag).opt-2.pyc",
        ] {
          _ = watch.add("\(folder)/\(file)")
        }
        return true
      }
    }
    return false
  }
}
