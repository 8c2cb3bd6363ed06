internal import PythonStack
package import TraceModel

/// What one process runs, from an execve (or a fork without one) to the next: the facts that hold as
/// long as the address space does.
package final class ProcessImage {
  /// Whether its file has the name of a Python interpreter.
  let isPython: Bool
  let executable: String
  /// Where it was started: what the paths of code objects are relative to, also after a chdir.
  let workingDirectory: String
  /// What its command line makes it in multiprocessing; nil where it says nothing of it.
  let role: Role?
  /// Whether it is a worker or a server of workers.
  var isWorker: Bool { role != nil && role != .resourceTracker }
  /// Whether it is in its boot window: a worker, or a server of workers, that is being prepared.
  var isBooting: Bool
  /// Whether it is a copy of its parent's, and has executed nothing itself.
  let isForked: Bool
  /// The traceback that it writes.
  var traceback = TracebackProgress()
  /// nil until somebody asks, and as long as none is found.
  var interpreter: PythonInterpreter?
  /// Its cache of code objects is this address space's own.
  var stackReader = StackReader()

  /// What an execve has begun.
  package init(_ execution: Execution) {
    executable = execution.executable
    workingDirectory = execution.workingDirectory
    role = WorkerCommand(execution.arguments)?.role
    isPython = PythonCommandLine.isInterpreter(execution.executable)
    isBooting = role == .spawnWorker || role == .forkserver
    isForked = false
  }

  /// The image of a forked child: the same mappings and objects at the same addresses, its own from
  /// now on. A forkserver forks each of its workers so, which is then prepared.
  init(forkedFrom image: ProcessImage) {
    executable = image.executable
    workingDirectory = image.workingDirectory
    role = image.role
    isPython = image.isPython
    isBooting = image.isBooting || image.role == .forkserver
    isForked = true
    interpreter = image.interpreter
    stackReader = image.stackReader.forked()
  }
}
