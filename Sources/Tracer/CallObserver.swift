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

  private let strings = StringArgumentReader()
  private let stacks = StackObserver()

  /// Most calls end here, after one read of the path, with nothing allocated.
  func event(
    for call: SystemCall, by thread: Int32, of process: TraceeTable.Process
  ) -> Event.Kind? {
    switch Interest.call(number: call.number) {
    case .open(let path, let directory):
      opened(call, path: path, directory: directory, by: thread, of: process)
    case .bind: address(of: call, thread).map { .bound($0) }
    case .connect: address(of: call, thread).map { .connected($0) }
    case nil: nil
    }
  }

  /// Whether a call that a signal has interrupted can only have been waiting at its notification.
  ///
  /// A notification that the tracer has taken isn't interrupted by a handler, one that is still in the
  /// queue is (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV): an open of a regular file would fail with
  /// EINTR, which it never does by itself. An open of a FIFO does, and a connect.
  func wasWithheld(
    _ call: SystemCall, by thread: Int32, of process: TraceeTable.Process
  ) -> Bool {
    switch Interest.call(number: call.number) {
    case .bind: return true
    case .connect, nil: return false
    case .open(let path, let directory):
      guard let bytes = strings.bytes(at: call[path], of: thread),
        let absolute = absolutePath(
          String(decoding: bytes, as: UTF8.self), directory: directory.map { call[$0] },
          of: process.id)
      else { return false }
      return ProcessFacts(process: process.id).status(of: absolute)?.mayWaitToOpen != true
    }
  }

  private func opened(
    _ call: SystemCall, path: Int, directory: Int?, by thread: Int32,
    of process: TraceeTable.Process
  ) -> Event.Kind? {
    let image = process.image
    guard let bytes = strings.bytes(at: call[path], of: thread) else { return nil }
    let interest = Interest.open(bytes, byPython: image?.isPython ?? false, scripts: scripts)
    if case .nothing = interest { return nil }
    let name = String(decoding: bytes, as: UTF8.self)
    guard
      let absolute = absolutePath(name, directory: directory.map { call[$0] }, of: process.id)
    else { return nil }
    let identity = ProcessFacts(process: process.id).status(of: absolute).map(FileIdentity.init)
    var stack: StackReading?
    if case .starter = interest, let image {
      stack = stacks.read(thread, call.threadPointer, of: process.id, image)
    }
    return .opened(FileOpen(path: absolute, identity: identity, stack: stack))
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
    return SocketAddress(path: String(decoding: name, as: UTF8.self))
  }
}

extension SystemCall {
  fileprivate subscript(index: Int) -> UInt64 {
    switch index {
    case 0: arguments.0
    case 1: arguments.1
    case 2: arguments.2
    case 3: arguments.3
    case 4: arguments.4
    default: arguments.5
    }
  }
}
