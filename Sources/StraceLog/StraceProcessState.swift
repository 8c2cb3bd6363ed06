internal import Bytes
internal import TraceModel

/// What a process is, judged from its calls: whether it runs Python, its role, whether it is in its boot
/// window. All of the reader's knowledge of multiprocessing is behind this type.
struct StraceProcessState {
  private(set) var isPython = false
  private var role: Role?
  private(set) var isBooting = false
  private var traceback = TracebackProgress()

  /// Whether it is a worker or a server of workers.
  var isWorker: Bool { role != nil }

  /// Returns the state of a child that this process makes.
  func forked() -> StraceProcessState {
    var child = StraceProcessState()
    child.isPython = isPython
    child.role = role
    // A forkserver forks each of its workers, which is in its boot window then.
    child.isBooting = isBooting || role == .forkserver
    return child
  }

  /// The process executes a program.
  mutating func executed(_ execution: Execution) {
    role = WorkerCommand(execution.arguments)?.role
    isPython = PythonCommandLine.isInterpreter(execution.executable) || role != nil
    isBooting = role == .spawnWorker || role == .forkserver
  }

  /// The process opens a file. Returns whether that is an event.
  ///
  /// - Parameters:
  ///   - isCut: Whether the end of the path is missing; the open changes nothing then.
  ///   - scripts: The paths that command lines of the tree have named.
  mutating func opened(
    _ path: UnsafeRawBufferPointer, isCut: Bool, scripts: Set<String>
  ) -> Bool {
    let interest = OpenInterest(
      path, byPython: isPython, isBooting: isBooting, scripts: scripts)
    if interest == .endOfBoot, !isCut { isBooting = false }
    return interest != .nothing
  }

  /// Whether what the process writes to a descriptor can be an event.
  func isRead(writingTo descriptor: Int32) -> Bool {
    isBooting || isPython && descriptor == 2
  }

  /// The process writes a text. Returns the text of the event; nil if it isn't one, or if its line isn't
  /// complete yet.
  mutating func wrote(_ bytes: [UInt8], to descriptor: Int32) -> [UInt8]? {
    if descriptor == 2 {
      return bytes.withUnsafeBytes { traceback.take($0, all: isBooting) }
    }
    return bytes.withUnsafeBytes(TrackerMessage.begins) ? bytes : nil
  }
}

/// What command lines say of a program.
enum StraceProgram {
  /// Whether a program is Python or one of its workers.
  static func isPython(_ executable: String, _ arguments: [String]) -> Bool {
    PythonCommandLine.isInterpreter(executable) || WorkerCommand(arguments) != nil
  }

  /// The script that a command line of Python names.
  static func script(_ arguments: [String], in directory: String) -> ScriptFile? {
    guard case .script(let name) = PythonCommandLine(arguments).target else { return nil }
    return ScriptFile(path: name.absolutePath(in: directory), identity: nil)
  }
}
