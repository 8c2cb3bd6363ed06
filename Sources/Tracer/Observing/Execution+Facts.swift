package import LinuxProcess
internal import Multiprocessing
package import TraceModel

extension Execution {
  /// Reads the program of a process. Its thread is stopped at the end of the execve.
  package init(_ folder: ProcessFolder, _ thread: borrowing StoppedThread) {
    let stack = InitialStack(thread)
    if ProcMount.current == .usable {
      let executable = folder.executable ?? ""
      self.init(
        executable: executable, identity: folder.executableStatus.map(FileIdentity.init),
        arguments: stack?.arguments ?? folder.arguments,
        environment: PythonCommandLine.isInterpreter(executable) ? folder.environment : [],
        workingDirectory: folder.workingDirectory ?? "/", folder)
    } else {
      self.init(stack?.vectors, folder)
    }
  }

  /// Takes what the stack shows, for when /proc can't be read. The working directory is taken to be
  /// that of the command: a change of it isn't seen.
  init(_ vectors: InitialStack.Vectors?, _ folder: ProcessFolder) {
    let directory = OwnProcess.workingDirectory ?? "/"
    let path = vectors?.program(in: directory)
    self.init(
      executable: path ?? "", identity: path.flatMap(FileStatus.init).map(FileIdentity.init),
      arguments: vectors?.arguments ?? [], environment: vectors?.environment ?? [],
      workingDirectory: directory, folder)
    // Only a file that is there shows that the directory is right.
    if script?.identity == nil { script = nil }
  }

  private init(
    executable: String, identity: @autoclosure () -> FileIdentity?, arguments: [String],
    environment: [UInt8], workingDirectory: String, _ folder: ProcessFolder
  ) {
    var script: ScriptFile?
    let isPython = PythonCommandLine.isInterpreter(executable)
    if isPython, case .script(let name) = PythonCommandLine(arguments).target {
      let path = name.absolutePath(in: workingDirectory)
      let status = folder.status(of: path)
      script = ScriptFile(
        path: path, identity: status.map(FileIdentity.init),
        isDirectory: status?.isDirectory ?? false)
    }
    let isWorker = WorkerCommand(arguments) != nil
    self.init(
      executable: executable,
      // It distinguishes interpreters; only for those is it worth a call.
      executableIdentity: isPython || isWorker ? identity() : nil,
      arguments: arguments, workingDirectory: workingDirectory, script: script,
      environment: isPython ? EnvironmentDigest(block: environment) : nil,
      test: isPython ? TestRunner.test(in: environment) : nil,
      hasInput: isWorker ? folder.hasStandardInput : nil)
  }
}

extension InitialStack.Vectors {
  /// The program's file with links resolved, as /proc/PID/exe has it; nil if it can't be known.
  fileprivate func program(in directory: String) -> String? {
    guard let executedPath, !executedPath.hasPrefix("/dev/fd/") else { return nil }
    let path = executedPath.absolutePath(in: directory)
    // For a script the kernel has put the interpreter in front (execve(2), Interpreter scripts).
    guard let begin = contents(of: path, atMost: 2), begin.elementsEqual("#!".utf8),
      let interpreter = arguments.first
    else { return resolvedPath(path) }
    return resolvedPath(interpreter)
  }
}

extension FileIdentity {
  init(_ status: FileStatus) {
    self.init(device: status.device, inode: status.inode)
  }
}
