internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// Finds out what a thread waits for, from the system call that it is in and from /proc.
final class WaitReader {
  /// The most processes that are searched for the other ends of pipes: each of their descriptors
  /// takes some 10 us.
  private static let processLimit = 300
  /// The most descriptors of one poll that are returned.
  private static let descriptorLimit = 64

  private let strings = StringArgumentReader()
  private let processes: [ProcessID]
  /// The processes that can read from a pipe or socket and that can write to it, by its name in
  /// /proc.
  private lazy var pipes = pipeEnds()
  private lazy var sockets = UnixSockets()

  /// - Parameter processes: The traced processes.
  init(_ processes: [ProcessID]) {
    self.processes = processes.sorted()
  }

  /// Returns what a thread waits for that is in `call`.
  func wait(in call: SystemCall, _ thread: ThreadID, of process: ProcessID) -> Wait {
    let call = restarted(call, thread, of: process)
    guard let known = BlockingCall(number: call.number) else {
      return Wait(call: "system call \(call.number)", objects: [])
    }
    var wait = Wait(call: known.name, objects: [])
    switch known.form {
    case .read(let index): wait.objects = [object(call, index, process, isWriting: false)]
    case .write(let index): wait.objects = [object(call, index, process, isWriting: true)]
    case .child: wait.objects = [child(call[0])]
    case .waitID: wait.objects = [waitID(call, process)]
    case .futex:
      wait.objects = [lock(at: call[0], process)]
      wait.isTimed = call[3] != 0
    case .poll(let timeout):
      wait.objects = polled(call, thread, process)
      wait.isTimed =
        timeout == .milliseconds ? Int32(truncatingIfNeeded: call[2]) >= 0 : call[2] != 0
    case .select:
      wait.objects = selected(call, thread, process)
      wait.isTimed = call[4] != 0
    case .epoll:
      let descriptors = OpenDescriptors(process: process)
      wait.objects = descriptors.polled(by: Int32(truncatingIfNeeded: call[0]))
        .prefix(Self.descriptorLimit).map { object($0, process, isWriting: false) }
      wait.isTimed = Int32(truncatingIfNeeded: call[3]) >= 0
    case .sleep:
      wait.objects = [WaitObject(kind: .time)]
      wait.isTimed = true
    case .signal(let timeout):
      wait.objects = [WaitObject(kind: .signal)]
      wait.isTimed = timeout.map { call[$0] != 0 } ?? false
    case .fileLock:
      let name = OpenDescriptors(process: process).target(of: Int32(truncatingIfNeeded: call[0]))
      wait.objects = [WaitObject(kind: .fileLock, name: name)]
    case .vfork:
      // The parent waits until the child executes a program or ends (vfork(2)).
      wait.objects = [WaitObject(kind: .child)]
    }
    return wait
  }

  /// Returns the poll(2) without a timeout that a stop has interrupted, if a call continues one:
  /// its number is another then (restart_syscall(2)), and its arguments are still there. The others
  /// that continue in this way have a timeout.
  private func restarted(
    _ call: SystemCall, _ thread: ThreadID, of process: ProcessID
  ) -> SystemCall {
    guard let poll = call.restartedPoll, Int32(truncatingIfNeeded: poll[2]) < 0 else { return call }
    let count = Int(clamping: poll[1])
    guard (1...Self.descriptorLimit).contains(count),
      let bytes = strings.bytes(at: poll[0], count: 8 * count, of: thread)
    else { return call }
    let descriptors = OpenDescriptors(process: process)
    // struct pollfd: the descriptor, the requested events, the returned events.
    let isPoll = (0..<count).allSatisfy { index in
      let descriptor = bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int32.self)
      return descriptor < 0 || descriptors.target(of: descriptor) != nil
    }
    return isPoll ? poll : call
  }

  // MARK: The objects of a wait

  private func object(
    _ call: SystemCall, _ index: Int, _ process: ProcessID, isWriting: Bool
  ) -> WaitObject {
    object(Int32(truncatingIfNeeded: call[index]), process, isWriting: isWriting)
  }

  private func object(_ descriptor: Int32, _ process: ProcessID, isWriting: Bool) -> WaitObject {
    guard let name = OpenDescriptors(process: process).target(of: descriptor) else {
      return WaitObject(kind: .file)
    }
    if name.hasPrefix("pipe:") {
      let ends = pipes[name]
      let others = (isWriting ? ends?.readers : ends?.writers) ?? []
      return WaitObject(
        kind: isWriting ? .pipeToWrite : .pipeToRead, name: name,
        processes: Self.others(others, than: process))
    }
    if name.hasPrefix("socket:") {
      let holders = sockets.peer(of: name).flatMap { pipes[$0]?.holders } ?? []
      return WaitObject(
        kind: .socket, name: name, processes: Self.others(holders, than: process))
    }
    if name.hasPrefix("anon_inode:[pidfd]") || name.hasPrefix("pidfd:") {
      let target = OpenDescriptors(process: process).process(of: descriptor)
      return WaitObject(
        kind: .process, name: nil,
        processes: target.map { [$0] } ?? [])
    }
    if name.hasPrefix("/dev/pts/") || name.hasPrefix("/dev/tty") {
      return WaitObject(kind: .terminal, name: name)
    }
    return WaitObject(kind: .file, name: name)
  }

  /// wait4(2) waits for the child of a number above 0, and with other numbers for one of several.
  private func child(_ argument: UInt64) -> WaitObject {
    let number = Int32(truncatingIfNeeded: argument)
    return WaitObject(
      kind: .child, processes: number > 0 ? [ProcessID(rawValue: number)] : [])
  }

  private func waitID(_ call: SystemCall, _ process: ProcessID) -> WaitObject {
    switch Int32(truncatingIfNeeded: call[0]) {
    case 1: child(call[1])
    // P_PIDFD
    case 3: object(Int32(truncatingIfNeeded: call[1]), process, isWriting: false)
    default: WaitObject(kind: .child)
    }
  }

  /// Returns the semaphore or lock at an address. One in shared memory is known by the file that is
  /// mapped there.
  private func lock(at address: UInt64, _ process: ProcessID) -> WaitObject {
    let maps = ProcessFolder(process).maps ?? []
    guard
      let mapping = MemoryMappings.shared(in: maps).first(where: { $0.range.contains(address) })
    else { return WaitObject(kind: .lock) }
    let sharers = processes.prefix(Self.processLimit).filter { other in
      let maps = ProcessFolder(other).maps ?? []
      return MemoryMappings.shared(in: maps).contains { $0.inode == mapping.inode }
    }
    return WaitObject(
      kind: .semaphore, name: mapping.path, processes: Self.others(sharers, than: process))
  }

  private func polled(
    _ call: SystemCall, _ thread: ThreadID, _ process: ProcessID
  ) -> [WaitObject] {
    let count = min(Int(clamping: call[1]), Self.descriptorLimit)
    // struct pollfd: the descriptor, the requested events, the returned events.
    guard let bytes = strings.bytes(at: call[0], count: 8 * count, of: thread) else { return [] }
    return (0..<count).compactMap { index in
      let descriptor = bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int32.self)
      let events = bytes.loadUnaligned(fromByteOffset: 8 * index + 4, as: Int16.self)
      guard descriptor >= 0 else { return nil }
      let isWriting = events & Int16(POLLOUT) != 0 && events & Int16(POLLIN) == 0
      return object(descriptor, process, isWriting: isWriting)
    }
  }

  private func selected(
    _ call: SystemCall, _ thread: ThreadID, _ process: ProcessID
  ) -> [WaitObject] {
    let count = min(Int(clamping: call[0]), 1024)
    var objects: [WaitObject] = []
    for (set, isWriting) in [(call[1], false), (call[2], true)] where set != 0 && count > 0 {
      guard let bytes = strings.bytes(at: set, count: (count + 63) / 64 * 8, of: thread) else {
        continue
      }
      for descriptor in 0..<count where bytes[descriptor / 8] >> UInt8(descriptor % 8) & 1 == 1 {
        objects.append(object(Int32(descriptor), process, isWriting: isWriting))
        if objects.count == Self.descriptorLimit { return objects }
      }
    }
    return objects
  }

  // MARK: The other ends of pipes

  private struct PipeEnds {
    var readers: [ProcessID] = []
    var writers: [ProcessID] = []
    /// Of a socket, which has no two ends.
    var holders: [ProcessID] = []
  }

  private func pipeEnds() -> [String: PipeEnds] {
    var result: [String: PipeEnds] = [:]
    for process in processes.prefix(Self.processLimit) {
      let descriptors = OpenDescriptors(process: process)
      for entry in descriptors.entries {
        if entry.target.hasPrefix("socket:"), result[entry.target]?.holders.last != process {
          result[entry.target, default: PipeEnds()].holders.append(process)
        }
        guard entry.target.hasPrefix("pipe:") else { continue }
        let (reads, writes) = descriptors.access(of: entry.number)
        var ends = result[entry.target] ?? PipeEnds()
        if reads, ends.readers.last != process { ends.readers.append(process) }
        if writes, ends.writers.last != process { ends.writers.append(process) }
        result[entry.target] = ends
      }
    }
    return result
  }

  /// Returns all but one process. A process that has both ends of a pipe, as parents often have,
  /// waits for itself only if no other process has the other end.
  private static func others(_ processes: [ProcessID], than process: ProcessID) -> [ProcessID] {
    let others = processes.filter { $0 != process }
    return others.isEmpty ? processes : others
  }
}
