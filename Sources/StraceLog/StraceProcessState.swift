internal import Bytes
internal import Multiprocessing
internal import TraceModel

/// What a process is by its calls, as the tracer has it, and what it writes.
struct StraceProcessState {
  private var state = ProcessState()
  private var errorLines = StandardErrorLines()

  var isPython: Bool { state.isPython }

  /// Whether its command line is a worker's, a server's of workers, or a tracker's.
  private(set) var isWorker = false

  /// Returns the state of a child that this process makes.
  func forked(by call: Start.Call) -> StraceProcessState {
    var child = StraceProcessState()
    child.state = state.forked(by: call)
    child.isWorker = isWorker
    return child
  }

  /// The process executes a program.
  mutating func executed(_ execution: Execution) {
    let command = WorkerCommand(execution.arguments)
    state.executed(Program(executable: execution.executable), command)
    isWorker = command != nil
    errorLines = StandardErrorLines()
  }

  /// The process opens a file. Returns what that means; nil if it isn't an event.
  ///
  /// - Parameters:
  ///   - isCut: Whether the end of the path is missing; the open changes nothing then.
  ///   - scripts: The paths that command lines of the tree have named.
  mutating func opened(
    _ path: UnsafeRawBufferPointer, isCut: Bool, scripts: Set<String>
  ) -> FileOpen.Meaning? {
    let meaning = FileOpen.Meaning(path, openedBy: state, scripts: scripts)
    if !isCut { state.opened(meaning) }
    return meaning
  }

  /// Whether what the process writes to a descriptor can be an event.
  func isRead(writingTo descriptor: Int32) -> Bool {
    state.isBooting || state.isPython && descriptor == 2
  }

  /// The process writes a text. Returns the text of the event; nil if it isn't one, or if its line isn't
  /// complete yet.
  mutating func wrote(_ bytes: [UInt8], to descriptor: Int32) -> [UInt8]? {
    if descriptor == 2 {
      return bytes.withUnsafeBytes { errorLines.write($0, by: state)?.text }
    }
    return TrackerMessage(bytes) == nil ? nil : bytes
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
