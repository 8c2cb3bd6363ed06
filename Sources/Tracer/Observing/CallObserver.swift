internal import Bytes
internal import Glibc
internal import LinuxProcess
internal import PythonStack
internal import TraceModel

/// Turns a system call that the filter picked into an event, where it is worth one.
///
/// The thread stands still meanwhile, in a stop or at a notification.
struct CallObserver {
  /// What command lines of the tree have named: a script may have any name.
  var scripts: Set<String> = []

  /// Which calls deserve an event, and which events a stack.
  let capture: Capture

  /// The tree's processes: the one with a number, or all.
  var members: (Int32?) -> [Int32] = { _ in [] }

  private let stacks: StackObserver
  private let strings = StringArgumentReader()

  init(_ capture: Capture, stacks: StackObserver) {
    self.capture = capture
    self.stacks = stacks
  }

  /// What a call is worth.
  struct Observation {
    var kind: Event.Kind
    var stack: StackReading?
  }

  /// Most calls end here, after one read of the path, with nothing allocated.
  func observation(
    of call: SystemCall, by thread: Int32, of process: TraceeTable.Process, in table: TraceeTable
  ) -> Observation? {
    guard let (kind, wantsStack) = event(for: call, by: thread, of: process, in: table) else {
      return nil
    }
    var observation = Observation(kind: kind)
    if wantsStack || capture == .all, capture != .withoutStacks, let image = process.image {
      observation.stack = stacks.read(thread, call.threadPointer, of: process.id, image)
    }
    return observation
  }

  private func event(
    for call: SystemCall, by thread: Int32, of process: TraceeTable.Process, in table: TraceeTable
  ) -> (kind: Event.Kind, wantsStack: Bool)? {
    switch Interest.call(number: call.number) {
    case .open(let path, let directory):
      opened(call, path: path, directory: directory, by: thread, of: process)
    case .bind: address(of: call, thread).map { (.bound($0), false) }
    case .connect: address(of: call, thread).map { (.connected($0), true) }
    case .pipe:
      // Where the module that starts workers was loaded before, this is the first that a start does.
      capture == .all || process.image?.isWorker == true ? (.piped, true) : nil
    case .write: written(call, by: thread, of: process).map { (.wrote($0), true) }
    // The tracer keeps the stack until it knows that the call has succeeded.
    case .execute: nil
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

  /// Whether a call that a signal has interrupted can only have been waiting at its notification.
  ///
  /// A notification that the tracer has taken isn't interrupted by a handler, one that is still in the
  /// queue is (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV): an open of a regular file would fail with
  /// EINTR, which it never does by itself. An open of a FIFO does, and a connect.
  ///
  /// `wasServed` is whether the thread's last notification that the tracer took was of such a call.
  func wasWithheld(
    _ call: SystemCall, wasServed: Bool, by thread: Int32, of process: TraceeTable.Process
  ) -> Bool {
    guard Interest.patterns.contains(where: { $0.matches(call) }) else { return false }
    if !wasServed { return true }
    switch Interest.call(number: call.number) {
    case .bind, .pipe, .execute, .kill: return true
    case .connect, .write, nil: return false
    case .open(let path, let directory):
      guard let bytes = strings.bytes(at: call[path], of: thread),
        let absolute = absolutePath(
          String(exactly: bytes), directory: directory.map { call[$0] },
          of: process.id)
      else { return false }
      return ProcessFacts(process: process.id).status(of: absolute)?.mayWaitToOpen != true
    }
  }

  private func opened(
    _ call: SystemCall, path: Int, directory: Int?, by thread: Int32,
    of process: TraceeTable.Process
  ) -> (kind: Event.Kind, wantsStack: Bool)? {
    let image = process.image
    guard let bytes = strings.bytes(at: call[path], of: thread) else { return nil }
    let interest = OpenInterest(
      bytes, byPython: image?.isPython ?? false, isBooting: image?.isBooting ?? false,
      scripts: scripts)
    if interest == .nothing, capture != .all { return nil }
    let name = String(exactly: bytes)
    guard
      let absolute = absolutePath(name, directory: directory.map { call[$0] }, of: process.id)
    else { return nil }
    let identity = ProcessFacts(process: process.id).status(of: absolute).map(FileIdentity.init)
    if interest == .endOfBoot { image?.isBooting = false }
    return (
      .opened(FileOpen(path: absolute, identity: identity)),
      interest == .starter || interest == .endOfBoot
    )
  }

  /// Reads the stack of a thread that is about to replace its own program; nil where it is no Python
  /// program's, or that of a child that was forked for this.
  func executionStack(
    of call: SystemCall, by thread: Int32, of process: TraceeTable.Process
  ) -> StackReading? {
    guard capture != .withoutStacks, case .execute = Interest.call(number: call.number),
      let image = process.image, image.isPython, !image.isForked
    else { return nil }
    return stacks.read(thread, call.threadPointer, of: process.id, image)
  }

  /// What a worker writes while it is prepared, and every program's tracebacks.
  private func written(
    _ call: SystemCall, by thread: Int32, of process: TraceeTable.Process
  ) -> WrittenText? {
    guard let image = process.image, capture == .all || image.isBooting || image.isPython else {
      return nil
    }
    let descriptor = Int32(truncatingIfNeeded: call[0])
    let count = Int(clamping: call[2])
    guard capture == .all || image.isBooting || descriptor == STDERR_FILENO else { return nil }
    guard
      let bytes = strings.bytes(
        at: call[1], count: min(count, StringArgumentReader.textLimit), of: thread)
    else { return nil }
    if capture != .all {
      if descriptor == STDERR_FILENO {
        return image.traceback.take(bytes, all: image.isBooting).map {
          WrittenText(descriptor: descriptor, text: String(exactly: $0))
        }
      }
      guard TrackerMessage.begins(bytes) else { return nil }
    }
    return WrittenText(descriptor: descriptor, text: String(exactly: bytes))
  }

  /// The processes of the tree that a signal is for (kill(2)).
  private func targets(
    _ call: SystemCall, by thread: Int32, of process: TraceeTable.Process, in table: TraceeTable
  ) -> [ProcessID] {
    let number = Int32(truncatingIfNeeded: call[0])
    // In a PID namespace of its own it counts otherwise, and nothing here would be the one it means.
    guard StatusFile(process: thread)?.threadInItsNamespace ?? thread == thread else { return [] }
    if number > 0 {
      return (table.process(ofThread: number)?.id).map { [ProcessID(rawValue: $0)] } ?? []
    }
    let group = number == 0 ? getpgid(process.id) : -number
    return table.processes.keys
      .filter { number == -1 ? $0 != process.id : getpgid($0) == group }
      .sorted().map(ProcessID.init)
  }

  private func absolutePath(_ name: String, directory: UInt64?, of process: Int32) -> String? {
    if name.hasPrefix("/") { return name.absolutePath(in: "/") }
    let base: String?
    if let directory, Int32(truncatingIfNeeded: directory) != AT_FDCWD {
      base = destination(ofLink: "/proc/\(process)/fd/\(Int32(truncatingIfNeeded: directory))")
    } else {
      base = ProcessFacts(process: process).workingDirectory
    }
    return base.map { name.absolutePath(in: $0) }
  }

  /// The path of a Unix socket's address (unix(7)); nil for other families.
  private func address(of call: SystemCall, _ thread: Int32) -> SocketAddress? {
    let count = min(Int(UInt32(truncatingIfNeeded: call[2])), MemoryLayout<sockaddr_un>.size)
    guard count > 3, let bytes = strings.bytes(at: call[1], count: count, of: thread),
      bytes.loadUnaligned(as: UInt16.self) == UInt16(AF_UNIX)
    else { return nil }
    // An abstract name begins with a NUL and has no end but the length.
    let path = bytes[2...]
    let name = path.first == 0 ? path : path.prefix { $0 != 0 }
    return SocketAddress(path: String(exactly: name))
  }
}
