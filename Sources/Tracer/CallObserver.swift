internal import ExactText
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
    of call: SystemCall, by thread: Int32, of process: TraceeTable.Process
  ) -> Observation? {
    guard let (kind, wantsStack) = event(for: call, by: thread, of: process) else { return nil }
    var observation = Observation(kind: kind)
    if wantsStack || capture == .all, capture != .withoutStacks, let image = process.image {
      observation.stack = stacks.read(thread, call.threadPointer, of: process.id, image)
    }
    return observation
  }

  private func event(
    for call: SystemCall, by thread: Int32, of process: TraceeTable.Process
  ) -> (kind: Event.Kind, wantsStack: Bool)? {
    switch Interest.call(number: call.number) {
    case .open(let path, let directory):
      opened(call, path: path, directory: directory, by: thread, of: process)
    case .bind: address(of: call, thread).map { (.bound($0), false) }
    case .connect: address(of: call, thread).map { (.connected($0), false) }
    case .pipe:
      capture == .all || process.image?.isPython == true ? (.piped, true) : nil
    case .write: written(call, by: thread, of: process).map { (.wrote($0), true) }
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
    case .bind, .pipe: return true
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

  /// What a worker writes while it is prepared.
  private func written(
    _ call: SystemCall, by thread: Int32, of process: TraceeTable.Process
  ) -> WrittenText? {
    guard capture == .all || process.image?.isBooting == true else { return nil }
    let descriptor = Int32(truncatingIfNeeded: call[0])
    let count = Int(clamping: call[2])
    guard
      let bytes = strings.bytes(
        at: call[1], count: min(count, StringArgumentReader.textLimit), of: thread)
    else { return nil }
    let isTold = descriptor == STDERR_FILENO || TrackerMessage.begins(bytes)
    guard isTold || capture == .all else { return nil }
    return WrittenText(descriptor: descriptor, text: String(exactly: bytes))
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
