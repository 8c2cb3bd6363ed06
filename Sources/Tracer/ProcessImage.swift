internal import PythonStack

/// What one process runs, from an execve (or a fork without one) to the next: the facts that hold as
/// long as the address space does.
final class ProcessImage {
  /// Whether its file has the name of a Python interpreter.
  let isPython: Bool
  let executable: String
  /// Where it was started: what the paths of code objects are relative to, also after a chdir.
  let workingDirectory: String
  /// nil until somebody asks.
  var interpreter: PythonInterpreter.Location?
  /// Its cache of code objects is this address space's own.
  var stackReader = StackReader()

  init(isPython: Bool, executable: String, workingDirectory: String) {
    self.isPython = isPython
    self.executable = executable
    self.workingDirectory = workingDirectory
  }

  /// The image of a forked child: the same mappings and objects at the same addresses, its own from
  /// now on.
  func forked() -> ProcessImage {
    let image = ProcessImage(
      isPython: isPython, executable: executable, workingDirectory: workingDirectory)
    image.interpreter = interpreter
    image.stackReader = stackReader
    return image
  }
}
