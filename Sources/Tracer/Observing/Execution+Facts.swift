package import LinuxProcess
package import TraceModel

extension Execution {
  /// What a process runs whose `thread` stands at the end of its execve.
  package init(_ facts: ProcessFacts, _ thread: borrowing StoppedThread) {
    let executable = facts.executable ?? ""
    let arguments = InitialStack(thread)?.arguments ?? facts.arguments
    let workingDirectory = facts.workingDirectory ?? "/"
    var script: ScriptFile?
    var environment: EnvironmentDigest?
    let isPython = PythonCommandLine.isInterpreter(executable)
    if isPython { environment = EnvironmentDigest(block: facts.environment) }
    if isPython, case .script(let name) = PythonCommandLine(arguments).target {
      let path = name.absolutePath(in: workingDirectory)
      let status = facts.status(of: path)
      script = ScriptFile(
        path: path, identity: status.map(FileIdentity.init),
        isDirectory: status?.isDirectory ?? false)
    }
    self.init(
      executable: executable,
      // It tells interpreters apart, and is worth a call for those alone.
      executableIdentity: isPython || WorkerCommand(arguments) != nil
        ? facts.executableStatus.map(FileIdentity.init) : nil,
      arguments: arguments, workingDirectory: workingDirectory, script: script,
      environment: environment)
  }
}

extension FileIdentity {
  init(_ status: FileStatus) {
    self.init(device: status.device, inode: status.inode)
  }
}
