package import TraceModel

/// The state of a process: Python or not, its role, whether it is in its boot window.
///
/// The one definition, for the tracer, the reader of strace's logs and the analysis. The state
/// changes when the process is forked, executes a program or opens a file.
package struct ProcessState: Hashable, Sendable {
  package private(set) var role = Role.other
  /// The start method, if multiprocessing or a library like it started the process.
  package private(set) var startMethod: StartMethod?
  /// Whether the process runs a Python interpreter: its file's name shows it, its command line is a
  /// worker's, or it has started a worker.
  package private(set) var isPython = false
  /// Whether the process is in its boot window: a worker, or a server of workers, that has not been
  /// seen to be ready. Workers of loky have one, too.
  package private(set) var isBooting = false
  /// Whether the process has executed nothing itself, and runs its parent's image.
  package private(set) var isForked = false
  /// Whether the process is a worker that imports main, or a server of such workers, or was forked
  /// by one of them.
  package private(set) var belongsToWorker = false
  /// Whether an ancestor runs Python: what it executes is a subprocess then, not the main program.
  private var isBelowPython = false

  /// The state of a process about which nothing is known.
  package init() {}

  /// The state of a child that this process makes.
  ///
  /// - Parameter isServersOwn: Whether a stack shows that the forkserver forks it for code that it
  ///   runs itself, and not as a worker.
  package func forked(by call: Start.Call, isServersOwn: Bool = false) -> ProcessState {
    var child = self
    child.isForked = true
    child.isBelowPython = isBelowPython || isPython
    child.isBooting = false
    switch role {
    // A process that it starts by vfork is another program (subprocess), not a worker.
    case .forkserver where call != .vfork && !isServersOwn:
      child.role = .forkserverWorker
      child.startMethod = .forkserver
      child.isBooting = true
    case .shell, .other: child.startMethod = nil
    default:
      child.role = .forkWorker
      child.startMethod = .fork
    }
    return child
  }

  /// Updates the state: the process executes a program.
  ///
  /// - Parameter command: What the program's command line says of its part in multiprocessing.
  package mutating func executed(_ program: Program, _ command: WorkerCommand?) {
    isForked = false
    isPython = program.isPython || command != nil
    startMethod = command?.startMethod
    if let command {
      role = command.role
    } else if isPython {
      role = role == .main || !isBelowPython ? .main : .subprocess
    } else {
      role = program.isShell ? .shell : .other
    }
    isBooting = role == .spawnWorker || role == .forkserver
    belongsToWorker = isBooting
  }

  /// Updates the state: a process that this one has made is a worker, a server or a tracker, so this
  /// one runs Python, whatever its program's name is.
  package mutating func startedWorker() {
    guard !isPython else { return }
    isPython = true
    if role == .other || role == .shell { role = isBelowPython ? .subprocess : .main }
  }

  /// Updates the state: the process opens a file.
  package mutating func opened(_ meaning: FileOpen.Meaning?) {
    if meaning == .endOfBoot { isBooting = false }
  }
}
