internal import LinuxProcess
package import Multiprocessing
internal import PythonStack
package import TraceModel

/// What one process runs, from an execve (or a fork without one) to the next: the facts that hold as
/// long as the address space does.
package final class ProcessImage {
  let executable: String
  /// Where it was started: what the paths of code objects are relative to, also after a chdir.
  let workingDirectory: String
  /// Whether it is Python, its role, its boot window.
  var state: ProcessState
  /// The script that it executes.
  let script: String?
  /// What it writes to standard error.
  var errorLines = StandardErrorLines()
  /// The stacks at what it says to the resource tracker.
  var trackerStacks = StackBudget(initial: 64)
  /// The thread that was last seen to ask the tracker for a start: its next pipe shows that the task
  /// is pickled.
  var launchingThread: ThreadID?
  /// The program that a worker, or a server of workers, imports as main, as far as its opens show it.
  var importedMain: String?
  /// Whether it is in the tracer's pid namespace; nil until that was read. A process never changes
  /// its namespace, but a forked child may have another one.
  var isInTracersNamespace: Bool?
  /// nil until a stack is wanted, and as long as none is found.
  var interpreter: PythonInterpreter?
  /// What the kernel gave its linker, if that can't be read later.
  var auxiliaryVector: AuxiliaryVector?
  /// Its cache of code objects is this address space's own.
  var stackReader = StackReader()

  /// The image that an execve begins.
  ///
  /// - Parameter before: What the process was until then.
  package init(_ execution: Execution, after before: ProcessState = ProcessState()) {
    executable = execution.executable
    workingDirectory = execution.workingDirectory
    script = execution.script?.path
    state = before
    state.executed(
      Program(executable: execution.executable), WorkerCommand(execution.arguments))
  }

  /// The image of a forked child: the same mappings and objects at the same addresses, its own from
  /// now on.
  ///
  /// - Parameter isServersOwn: As `ProcessState.forked` has it.
  package init(forkedFrom image: ProcessImage, by call: Start.Call, isServersOwn: Bool = false) {
    executable = image.executable
    workingDirectory = image.workingDirectory
    script = image.script
    state = image.state.forked(by: call, isServersOwn: isServersOwn)
    importedMain = image.importedMain
    interpreter = image.interpreter
    auxiliaryVector = image.auxiliaryVector
    stackReader = image.stackReader.forked()
  }

  /// What the kernel gave its linker; nil if `process`, which runs it, is gone.
  func auxiliaryVector(of process: ProcessID) -> AuxiliaryVector? {
    auxiliaryVector ?? AuxiliaryVector(process: process)
  }
}
