internal import Bytes
internal import Glibc
internal import LinuxProcess
internal import Multiprocessing
internal import PythonStack
internal import TraceModel

/// Turns a system call that the filter has picked into an event, if it is worth one.
///
/// The thread stands still meanwhile, in a stop or at a notification.
struct CallObserver {
  /// The scripts that command lines of the tree have named: a script may have any name.
  var scripts: Set<String> = []
  /// The modules that command lines of the tree have named with `-m`.
  var modules: Set<String> = []

  /// Decides which calls become events, and which events get a stack.
  private let capture: Capture
  /// The calls that the filter picks. Those that `Interest` doesn't name are no events.
  private let patterns: [CallPattern]
  private let stacks: StackObserver
  private let strings = StringArgumentReader()
  private let texts: ProgramTexts

  init(
    _ capture: Capture, patterns: [CallPattern], files: ProgramFiles, stacks: StackObserver
  ) {
    texts = ProgramTexts(files)
    self.capture = capture
    self.patterns = patterns
    self.stacks = stacks
  }

  /// Notes the script or module that a command line names.
  mutating func note(_ execution: Execution) {
    if let script = execution.script {
      scripts.insert(script.path)
    } else if execution.executableIdentity != nil,
      case .module(let name) = PythonCommandLine(execution.arguments).target
    {
      modules.insert(name)
    }
  }

  /// The event that a call is worth.
  struct Observation {
    var kind: Event.Kind
    var stack = CapturedStack.none
  }

  /// Returns nil for most calls, after one read of the path and without an allocation.
  func observation(
    of call: SystemCall, by thread: ThreadID, of process: TracedProcess, in table: TraceeTable
  ) -> Observation? {
    guard let (kind, wantsStack) = event(for: call, by: thread, of: process, in: table) else {
      return nil
    }
    var observation = Observation(kind: kind)
    if wantsStack || capture == .all, capture != .withoutStacks, let image = process.image {
      observation.stack.python = stacks.read(thread, call.threadPointer, of: process.id, image)
      observation.stack.main = stacks.readMain(at: kind, by: thread, of: process.id, image)
    }
    if wantsStack, capture == .needed, case .wrote(let written) = kind,
      written.descriptor != STDERR_FILENO, let image = process.image, !image.state.isBooting
    {
      return startOfWorker(observation, by: thread, image)
    }
    return observation
  }

  /// A probe of the tracker outside of a boot window is worth an event if it belongs to the start of
  /// a worker. It is the only call of a start before the task is pickled, from the second start on.
  private func startOfWorker(
    _ observation: Observation, by thread: ThreadID, _ image: ProcessImage
  ) -> Observation? {
    guard case .read(let stack) = observation.stack.python,
      LaunchStage(stack.frames) == .askingTracker
    else { return nil }
    image.trackerStacks.refund()
    image.launchingThread = thread
    return observation
  }

  private func event(
    for call: SystemCall, by thread: ThreadID, of process: TracedProcess, in table: TraceeTable
  ) -> (kind: Event.Kind, wantsStack: Bool)? {
    switch Interest.call(number: call.number) {
    case .open(let path, let directory):
      opened(call, path: path, directory: directory, by: thread, of: process)
    case .bind: address(of: call, thread).map { (.bound($0), false) }
    case .connect: address(of: call, thread).map { (.connected($0), true) }
    case .pipe:
      // If the module that starts workers was loaded before, this is the first call of a start.
      piped(by: thread, of: process)
    case .write:
      written(call, by: thread, of: process).map { (.wrote($0.text), $0.wantsStack) }
    // The tracer keeps the stack until it knows that the call has succeeded.
    case .execute, .makeFolder: nil
    case .kill:
      (
        .sent(
          SignalSending(
            signal: SIGKILL, targets: targets(call, by: thread, of: process, in: table))),
        true
      )
    case nil: nil
    }
  }

  private func piped(
    by thread: ThreadID, of process: TracedProcess
  ) -> (kind: Event.Kind, wantsStack: Bool)? {
    guard let image = process.image else { return nil }
    if capture == .all || image.state.belongsToWorker { return (.piped, true) }
    guard image.launchingThread == thread else { return nil }
    image.launchingThread = nil
    // It may be another pipe, after a start that has failed.
    return (.piped, true)
  }

  /// Whether a call that a signal has interrupted can only have been waiting at its notification.
  ///
  /// A handler interrupts a notification only as long as the tracer has not received it
  /// (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV): an open of a regular file would fail with EINTR,
  /// which it never does by itself. An open of a FIFO does, and a connect.
  ///
  /// `wasServed` is whether the thread's last notification that the tracer received was of such a
  /// call.
  func wasWithheld(
    _ call: SystemCall, wasServed: Bool, by thread: ThreadID, of process: TracedProcess
  ) -> Bool {
    guard patterns.contains(where: { $0.matches(call) }) else { return false }
    if !wasServed { return true }
    switch Interest.call(number: call.number) {
    case .bind, .pipe, .execute, .kill, .makeFolder: return true
    case .connect, .write, nil: return false
    case .open(let path, let directory):
      guard let bytes = strings.bytes(at: call[path], of: thread),
        let absolute = absolutePath(
          String(exactly: bytes), directory: directory.map { call[$0] },
          of: process.id)
      else { return false }
      return ProcessFolder(process.id).status(of: absolute)?.mayWaitToOpen != true
    }
  }

  private func opened(
    _ call: SystemCall, path: Int, directory: Int?, by thread: ThreadID,
    of process: TracedProcess
  ) -> (kind: Event.Kind, wantsStack: Bool)? {
    guard let bytes = strings.bytes(at: call[path], of: thread) else { return nil }
    let meaning = FileOpen.Meaning(
      bytes, openedBy: process.image?.state ?? ProcessState(), scripts: scripts)
    if meaning == nil, capture != .all { return nil }
    let name = String(exactly: bytes)
    guard
      let absolute = absolutePath(name, directory: directory.map { call[$0] }, of: process.id)
    else { return nil }
    let status = ProcessFolder(process.id).status(of: absolute)
    var open = FileOpen(
      path: absolute, identity: status.map(FileIdentity.init), meaning: meaning ?? .other)
    if meaning == .program, let image = process.image, image.state.isBooting {
      let text = importedText(of: absolute, status, by: process.id, image)
      open.exits = text.exits
      open.replacesInput = text.replacesInput
    }
    return (.opened(open), meaning == .starter || meaning == .endOfBoot)
  }

  /// What the text of a program says that a worker imports in its boot window.
  private func importedText(
    of path: String, _ status: FileStatus?, by process: ProcessID, _ image: ProcessImage
  ) -> ProgramTexts.Import {
    let source = path.sourceOfCachedModule ?? path
    let isNamed = scripts.contains(source)
    if image.importedMain == nil || isNamed { image.importedMain = source }
    // A module that is imported from its compiled form is not main, unless -m names it.
    if source == path {
      return status.map { texts.import(of: rooted(path, process), $0) } ?? ProgramTexts.Import()
    }
    guard modules.contains(where: { path.source(ofModule: $0) != nil }),
      let status = ProcessFolder(process).status(of: source)
    else { return ProgramTexts.Import() }
    image.importedMain = source
    return texts.import(of: rooted(source, process), status)
  }

  private func rooted(_ path: String, _ process: ProcessID) -> String {
    ProcessFolder(process).rooted(path)
  }

  /// Reads the stack of a thread that is about to replace its own program; nil if that isn't a
  /// Python program, or the process is a child that was forked for this.
  func executionStack(
    of call: SystemCall, by thread: ThreadID, of process: TracedProcess
  ) -> StackReading? {
    guard capture != .withoutStacks, case .execute = Interest.call(number: call.number),
      let image = process.image, image.state.isPython, !image.state.isForked
    else { return nil }
    return stacks.read(thread, call.threadPointer, of: process.id, image)
  }

  /// Returns the text that a worker in its boot window writes, and every program's tracebacks, and
  /// whether a stack there can prove something.
  private func written(
    _ call: SystemCall, by thread: ThreadID, of process: TracedProcess
  ) -> (text: WrittenText, wantsStack: Bool)? {
    guard let image = process.image else { return nil }
    let descriptor = Int32(truncatingIfNeeded: call[0])
    let isError = descriptor == STDERR_FILENO
    let isProbe =
      !isError && image.state.isPython && TrackerMessage.isProbe(length: Int(clamping: call[2]))
    guard
      capture == .all || image.state.isBooting || isError && image.state.isPython || isProbe,
      let bytes = strings.bytes(
        at: call[1], count: min(Int(clamping: call[2]), StringArgumentReader.textLimit),
        of: thread)
    else { return nil }
    if capture == .all {
      return (WrittenText(descriptor: descriptor, text: String(exactly: bytes)), true)
    }
    if isError {
      return image.errorLines.write(bytes, by: image.state).map {
        var text = WrittenText(descriptor: descriptor, text: String(exactly: $0.text))
        if image.state.belongsToWorker || image.state.isForked {
          text.definition = texts.definition(
            saidIn: text.text, by: process.id,
            // A forked worker has imported nothing, and its tree has mostly one script.
            main: image.importedMain ?? (scripts.count == 1 ? scripts.first : nil),
            startedIn: image.workingDirectory)
        }
        return (text, $0.wantsStack)
      }
    }
    guard let message = TrackerMessage(bytes) else { return nil }
    // Only a probe can be part of a start.
    let wantsStack = message == .probe && image.trackerStacks.spend()
    if !image.state.isBooting, !wantsStack { return nil }
    return (WrittenText(descriptor: descriptor, text: String(exactly: bytes)), wantsStack)
  }

  /// Returns the processes of the tree that a signal is sent to (kill(2)).
  private func targets(
    _ call: SystemCall, by thread: ThreadID, of process: TracedProcess, in table: TraceeTable
  ) -> [ProcessID] {
    let number = Int32(truncatingIfNeeded: call[0])
    // A thread in another pid namespace means another process by the number.
    guard StatusFields(of: thread)?.idInOwnNamespace ?? thread == thread else { return [] }
    if number > 0 {
      return table.thread(ThreadID(rawValue: number)).map { [$0.process.id] } ?? []
    }
    let group = number == 0 ? getpgid(process.id.rawValue) : -number
    return table.processes.keys
      .filter { number == -1 ? $0 != process.id : getpgid($0.rawValue) == group }
      .sorted()
  }

  private func absolutePath(_ name: String, directory: UInt64?, of process: ProcessID) -> String? {
    if name.hasPrefix("/") { return name.absolutePath(in: "/") }
    let base: String?
    if let directory, Int32(truncatingIfNeeded: directory) != AT_FDCWD {
      base = OpenDescriptors(process: process).target(of: Int32(truncatingIfNeeded: directory))
    } else {
      base = ProcessFolder(process).workingDirectory
    }
    return base.map { name.absolutePath(in: $0) }
  }

  /// Returns the path of a Unix socket's address (unix(7)); nil for other families.
  private func address(of call: SystemCall, _ thread: ThreadID) -> SocketAddress? {
    let count = min(Int(UInt32(truncatingIfNeeded: call[2])), MemoryLayout<sockaddr_un>.size)
    guard count > 3, let bytes = strings.bytes(at: call[1], count: count, of: thread),
      bytes.loadUnaligned(as: UInt16.self) == UInt16(AF_UNIX)
    else { return nil }
    // An abstract name begins with a NUL and ends only by its length.
    let path = bytes[2...]
    let name = path.first == 0 ? path : path.prefix { $0 != 0 }
    return SocketAddress(path: String(exactly: name))
  }
}
