package import LinuxProcess
internal import Multiprocessing
package import TraceModel

extension Execution {
  /// Reads the program of a process. Its thread is stopped at the end of the execve.
  package init(_ folder: ProcessFolder, _ thread: borrowing StoppedThread) {
    let executable = folder.executable ?? ""
    let arguments = InitialStack(thread)?.arguments ?? folder.arguments
    let workingDirectory = folder.workingDirectory ?? "/"
    var script: ScriptFile?
    var environment: EnvironmentDigest?
    let isPython = PythonCommandLine.isInterpreter(executable)
    if isPython { environment = EnvironmentDigest(block: folder.environment) }
    if isPython, case .script(let name) = PythonCommandLine(arguments).target {
      let path = name.absolutePath(in: workingDirectory)
      let status = folder.status(of: path)
      script = ScriptFile(
        path: path, identity: status.map(FileIdentity.init),
        isDirectory: status?.isDirectory ?? false)
    }
    self.init(
      executable: executable,
      // It distinguishes interpreters; only for those is it worth a call.
      executableIdentity: isPython || WorkerCommand(arguments) != nil
        ? folder.executableStatus.map(FileIdentity.init) : nil,
      arguments: arguments, workingDirectory: workingDirectory, script: script,
      environment: environment)
  }
}

extension FileIdentity {
  init(_ status: FileStatus) {
    self.init(device: status.device, inode: status.inode)
  }
}
