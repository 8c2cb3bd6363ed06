internal import PythonStack
package import TraceModel

/// The program that a process runs from one execve (or a fork without one) to the next, with the
/// facts that hold as long as the address space does.
package final class ProcessImage {
  /// Whether its file has the name of a Python interpreter.
  let isPython: Bool
  let executable: String
  /// The working directory at its start: the paths of code objects are relative to it, also after a
  /// chdir.
  let workingDirectory: String
  /// Its role in multiprocessing by its command line; nil if that doesn't show one.
  let role: Role?
  /// Whether it is a worker or a server of workers.
  var isWorker: Bool { role != nil && role != .resourceTracker }
  /// Whether it is in its boot window: a worker, or a server of workers, that is still
  /// bootstrapping.
  var isBooting: Bool
  /// Whether it is a copy of its parent's image, without an execve of its own.
  let isForked: Bool
  /// The traceback that it writes.
  var traceback = TracebackProgress()
  /// The interpreter; nil until it is needed, and as long as it isn't found.
  var interpreter: PythonInterpreter?
  /// Its cache of code objects belongs to this address space.
  var stackReader = StackReader()

  /// The image that an execve has begun.
  package init(_ execution: Execution) {
    executable = execution.executable
    workingDirectory = execution.workingDirectory
    role = WorkerCommand(execution.arguments)?.role
    isPython = PythonCommandLine.isInterpreter(execution.executable)
    isBooting = role == .spawnWorker || role == .forkserver
    isForked = false
  }

  /// The image of a forked child: a copy with the same mappings and objects at the same addresses.
  /// A forkserver forks each of its workers so, and the worker then bootstraps.
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
