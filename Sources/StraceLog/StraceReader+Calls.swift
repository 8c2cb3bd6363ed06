internal import Bytes
internal import TraceModel

/// What calls do: each begins, perhaps on one line, and returns, perhaps on another.
extension StraceReader {
  mutating func called(_ call: StraceCall, _ arguments: ByteScanner, by number: Int32?) {
    notes.saw(call)
    guard let (thread, process) = thread(number) else { return }
    if arguments.contains("strace: Process "),
      let notice = arguments.rest(afterLast: "strace: "), let new = StraceEntry.attached(notice)
    {
      // strace has written this in the middle of the line, whose rest comes on another one.
      threads.announce(new)
    }
    begin(call, arguments, by: process, thread)
  }

  mutating func resumed(_ call: StraceCall, _ rest: ByteScanner, by number: Int32?) {
    // A thread that has called exit_group has ended already.
    guard number.map({ threads.isExpected($0) }) ?? true,
      let (thread, process) = thread(number, isResuming: true),
      let begun = threads.pending.removeValue(forKey: thread), begun.call == call
    else { return }
    complete(begun, rest, by: process, thread)
  }

  private mutating func begin(
    _ call: StraceCall, _ arguments: ByteScanner, by process: Int32, _ thread: Int32
  ) {
    var begun = PendingCall(call: call)
    switch call {
    case .open, .openat:
      opened(arguments, isAt: call == .openat, by: process, thread)
      return
    case .write:
      wrote(arguments, by: process, thread)
      return
    case .bind, .connect:
      guard let address = StraceAddress.unix(arguments) else { return }
      send(call == .bind ? .bound(address) : .connected(address), by: process, thread: thread)
      return
    case .exitGroup:
      ended(arguments, by: process, thread)
      return
    case .kill, .tgkill:
      killed(arguments, by: process, thread)
      return
    case .fork, .vfork, .clone:
      begun.isThread = StraceCloneArguments.isThread(arguments)
      begun.start = StraceCloneArguments.start(call, arguments)
    case .execve, .execveat:
      guard let execution = execution(arguments, isAt: call == .execveat, by: process) else {
        return
      }
      begun.execution = execution
    case .pipe2: break
    case .chdir:
      var path = arguments
      begun.directory = path.quoted().flatMap { $0.isCut ? nil : $0.text }
    }
    if Self.isUnfinished(arguments) {
      threads.pending[thread] = begun
    } else {
      complete(begun, arguments, by: process, thread)
    }
  }

  private static func isUnfinished(_ arguments: ByteScanner) -> Bool {
    arguments.rest(afterLast: "<unfinished ...>")?.isEmpty ?? false
      || arguments.contains("strace: Process ") || isTakenOver(arguments)
  }

  /// Whether the execve of another thread than the leader goes on under the leader's number:
  /// `<pid changed to 123 ...>`. strace writes it instead if no other line has come in between.
  private static func isTakenOver(_ arguments: ByteScanner) -> Bool {
    guard var rest = arguments.rest(afterLast: "<pid changed to ") else { return false }
    return rest.decimal() != nil && rest == " ...>"
  }

  /// A call has returned.
  ///
  /// - Parameter text: The rest of its arguments and its result.
  private mutating func complete(
    _ begun: PendingCall, _ text: ByteScanner, by process: Int32, _ thread: Int32
  ) {
    guard let result = StraceResult(text) else { return }
    switch begun.call {
    case .fork, .vfork, .clone:
      guard let child = result.child else { return }
      var begun = begun
      // The kernel may have written some of the flags only now.
      begun.isThread = begun.isThread || StraceCloneArguments.isThread(text)
      if let beginning = threads.begin(child, createdBy: thread, begun) { send(beginning) }
    case .execve, .execveat:
      guard result.value == 0, let execution = begun.execution else { return }
      executed(execution, by: process)
    case .pipe2:
      if text.contains("O_CLOEXEC"), threads.processes[process]?.state.isPython == true {
        send(.piped, by: process, thread: thread)
      }
    case .chdir:
      guard result.value == 0, let directory = begun.directory else { return }
      let state = threads.processes[process]
      state?.workingDirectory =
        directory.hasPrefix("/")
        ? directory.absolutePath(in: "/")
        : state?.workingDirectory.map { directory.absolutePath(in: $0) }
    default: break
    }
  }

  // MARK: Programs

  private mutating func execution(
    _ arguments: ByteScanner, isAt: Bool, by process: Int32
  ) -> Execution? {
    if isAt { noteDirectory(arguments, of: process) }
    guard let parsed = StraceExecArguments(arguments, isAt: isAt) else { return nil }
    let directory = threads.processes[process]?.workingDirectory ?? ""
    let (execution, isPython) = parsed.execution(in: directory)
    if isPython, parsed.isCut { notes.sawCut(.commandLines) }
    return execution
  }

  private mutating func executed(_ execution: Execution, by process: Int32) {
    if process == threads.root, !hasProgram {
      hasProgram = true
      workingDirectory = execution.workingDirectory.isEmpty ? nil : execution.workingDirectory
    }
    sendExecution(of: process)
    guard let state = threads.processes[process] else { return }
    state.state.executed(execution)
    state.unsentExecution = execution
    if state.state.isWorker { notes.sawWorker() }
    guard state.state.isPython else { return }
    notes.sawPython()
    if let script = execution.script { scripts.insert(script.path) }
    sendExecution(of: process)
  }

  /// A process reads a file before the event of its execution was sent. If only an interpreter reads such
  /// a file, what it executes is a script.
  private mutating func reads(
    _ path: UnsafeRawBufferPointer, after execution: Execution, _ process: Int32
  ) {
    guard let interpreter = PythonInstallation.interpreter(reading: path) else { return }
    var execution = execution
    let script = execution.executable
    execution.arguments = [interpreter, script] + execution.arguments.dropFirst()
    execution.executable = interpreter
    execution.script = ScriptFile(path: script, identity: nil)
    threads.processes[process]?.unsentExecution = nil
    executed(execution, by: process)
  }

  /// `exit_group(1) = ?`: with -q -q no other line shows the end.
  private mutating func ended(_ arguments: ByteScanner, by process: Int32, _ thread: Int32) {
    var rest = arguments
    guard let status = rest.decimal() else { return }
    sendExecution(of: process)
    for other in threads.processes.endAll(of: process) { threads.pending[other] = nil }
    // The parent gets its lowest byte (_exit(2)).
    sendEnd(.status(Int32(status & 0xFF)), of: process, thread)
  }

  // MARK: Files and texts

  /// Reads a process's working directory from `AT_FDCWD</w>` (-y).
  private mutating func noteDirectory(_ arguments: ByteScanner, of process: Int32) {
    var rest = arguments
    guard rest.skip("AT_FDCWD<"), let path = rest.read(until: UInt8(ascii: ">")) else { return }
    let state = threads.processes[process]
    // Usually the same as before.
    if state?.workingDirectory?.utf8.elementsEqual(path.bytes) == true { return }
    let directory = String(exactly: path.bytes)
    state?.workingDirectory = directory
    if process == threads.root, workingDirectory == nil { workingDirectory = directory }
  }

  private mutating func opened(
    _ arguments: ByteScanner, isAt: Bool, by process: Int32, _ thread: Int32
  ) {
    if isAt { noteDirectory(arguments, of: process) }
    guard let open = StraceOpenArguments(arguments, isAt: isAt) else { return }
    open.withPathOfRead { path, isCut in
      opened(path, isCut: isCut, open, by: process, thread)
    }
  }

  private mutating func opened(
    _ path: UnsafeRawBufferPointer, isCut: Bool, _ open: StraceOpenArguments, by process: Int32,
    _ thread: Int32
  ) {
    guard let state = threads.processes[process] else { return }
    if let execution = state.unsentExecution { reads(path, after: execution, process) }
    guard let meaning = state.state.opened(path, isCut: isCut, scripts: scripts) else { return }
    if isCut {
      notes.sawCut(.paths)
      return
    }
    let name = String(exactly: path)
    let directory =
      name.hasPrefix("/") ? "/" : open.folderPath(workingDirectory: state.workingDirectory)
    send(
      .opened(
        FileOpen(path: name.absolutePath(in: directory), identity: nil, meaning: meaning)),
      by: process, thread: thread)
  }

  private mutating func wrote(_ arguments: ByteScanner, by process: Int32, _ thread: Int32) {
    guard let state = threads.processes[process], let write = StraceWriteArguments(arguments),
      state.state.isRead(writingTo: write.descriptor), let text = write.text
    else { return }
    var bytes = text.bytes
    // strace has cut the line's end, too.
    if write.descriptor == 2, text.isCut { bytes.append(UInt8(ascii: "\n")) }
    guard let line = state.state.wrote(bytes, to: write.descriptor) else { return }
    if write.descriptor == 2, text.isCut { notes.sawCut(.errorMessages) }
    let written = WrittenText(
      descriptor: write.descriptor, text: line.withUnsafeBytes { String(exactly: $0) })
    send(.wrote(written), by: process, thread: thread)
  }

  // MARK: Signals

  /// `kill(123, SIGKILL)`, `tgkill(123, 124, SIGKILL)`. Other signals are events when they arrive.
  private mutating func killed(_ arguments: ByteScanner, by process: Int32, _ thread: Int32) {
    var rest = arguments
    guard arguments.contains("SIGKILL"), let number = rest.int32(), number > 0 else { return }
    let target = threads.processes.process(of: threads.known(number))
    let sending = SignalSending(
      signal: 9, targets: target.map { [ProcessID(rawValue: $0)] } ?? [])
    send(.sent(sending), by: process, thread: thread)
  }
}
