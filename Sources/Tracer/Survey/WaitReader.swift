internal import CSpawnTrace
internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// Tells what a thread waits for, from the system call that it is in and from /proc.
final class WaitReader {
  /// More processes than this are not asked for the other ends of pipes: it takes some 10 us for each
  /// of their descriptors.
  private static let processLimit = 300
  /// More descriptors of one poll than this are not told.
  private static let descriptorLimit = 64

  private let strings = StringArgumentReader()
  private let processes: [Int32]
  /// Which processes can read from a pipe and which can write to it, by its name in /proc.
  private lazy var pipes = pipeEnds()

  /// `processes` are those that are traced.
  init(_ processes: [Int32]) {
    self.processes = processes.sorted()
  }

  /// What a thread that is in `call` waits for.
  func wait(in call: SystemCall, _ thread: Int32, of process: Int32) -> Wait {
    let known = Self.calls[Int32(truncatingIfNeeded: call.number)]
    var wait = Wait(call: known?.name ?? "system call \(call.number)", objects: [])
    switch known?.form {
    case nil: break
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
      wait.objects = descriptors.watched(by: Int32(truncatingIfNeeded: call[0]))
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
      // Its parent waits until it executes a program or ends (vfork(2)).
      wait.objects = [WaitObject(kind: .child)]
    }
    return wait
  }

  // MARK: The calls

  private enum Form {
    case read(Int)
    case write(Int)
    case child
    case waitID
    case futex
    case poll(Timeout)
    case select
    case epoll
    case sleep
    case signal(timeout: Int?)
    case fileLock
    case vfork
  }

  private enum Timeout {
    case milliseconds
    case pointer
  }

  /// The calls in which programs wait, with what their arguments mean (section 2 of the man pages).
  private static let calls: [Int32: (name: String, form: Form)] = {
    var calls: [Int32: (String, Form)] = [
      SYS_read: ("read", .read(0)), SYS_readv: ("readv", .read(0)),
      SYS_recvfrom: ("recvfrom", .read(0)), SYS_recvmsg: ("recvmsg", .read(0)),
      SYS_accept: ("accept", .read(0)), SYS_accept4: ("accept4", .read(0)),
      SYS_splice: ("splice", .read(0)),
      SYS_write: ("write", .write(0)), SYS_writev: ("writev", .write(0)),
      SYS_sendto: ("sendto", .write(0)), SYS_sendmsg: ("sendmsg", .write(0)),
      SYS_connect: ("connect", .write(0)), SYS_sendfile: ("sendfile", .write(0)),
      SYS_wait4: ("wait4", .child), SYS_waitid: ("waitid", .waitID), SYS_futex: ("futex", .futex),
      SYS_ppoll: ("ppoll", .poll(.pointer)), SYS_pselect6: ("pselect6", .select),
      SYS_epoll_pwait: ("epoll_pwait", .epoll), SYS_nanosleep: ("nanosleep", .sleep),
      SYS_clock_nanosleep: ("clock_nanosleep", .sleep),
      // A wait with a time that a stop has interrupted before.
      SYS_restart_syscall: ("restart_syscall", .sleep),
      SYS_rt_sigsuspend: ("rt_sigsuspend", .signal(timeout: nil)),
      SYS_rt_sigtimedwait: ("rt_sigtimedwait", .signal(timeout: 2)),
      SYS_flock: ("flock", .fileLock), SYS_fcntl: ("fcntl", .fileLock),
      SYS_clone: ("clone", .vfork), SYS_clone3: ("clone3", .vfork),
    ]
    #if arch(x86_64)
      calls[SYS_poll] = ("poll", .poll(.milliseconds))
      calls[SYS_select] = ("select", .select)
      calls[SYS_epoll_wait] = ("epoll_wait", .epoll)
      calls[SYS_pause] = ("pause", .signal(timeout: nil))
      calls[SYS_vfork] = ("vfork", .vfork)
    #endif
    return calls
  }()

  // MARK: What is waited for

  private func object(
    _ call: SystemCall, _ index: Int, _ process: Int32, isWriting: Bool
  ) -> WaitObject {
    object(Int32(truncatingIfNeeded: call[index]), process, isWriting: isWriting)
  }

  private func object(_ descriptor: Int32, _ process: Int32, isWriting: Bool) -> WaitObject {
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
    if name.hasPrefix("socket:") { return WaitObject(kind: .socket, name: name) }
    if name.hasPrefix("anon_inode:[pidfd]") || name.hasPrefix("pidfd:") {
      let target = OpenDescriptors(process: process).process(of: descriptor)
      return WaitObject(
        kind: .process, name: nil,
        processes: target.map { [ProcessID(rawValue: $0)] } ?? [])
    }
    if name.hasPrefix("/dev/pts/") || name == "/dev/tty" || name.hasPrefix("/dev/tty") {
      return WaitObject(kind: .terminal, name: name)
    }
    return WaitObject(kind: .file, name: name)
  }

  /// wait4(2) takes a number above 0 for that child, another for one of several.
  private func child(_ argument: UInt64) -> WaitObject {
    let number = Int32(truncatingIfNeeded: argument)
    return WaitObject(
      kind: .child, processes: number > 0 ? [ProcessID(rawValue: number)] : [])
  }

  private func waitID(_ call: SystemCall, _ process: Int32) -> WaitObject {
    switch Int32(truncatingIfNeeded: call[0]) {
    case 1: child(call[1])
    // P_PIDFD
    case 3: object(Int32(truncatingIfNeeded: call[1]), process, isWriting: false)
    default: WaitObject(kind: .child)
    }
  }

  /// A semaphore or lock in shared memory is known by the file that is mapped there.
  private func lock(at address: UInt64, _ process: Int32) -> WaitObject {
    let maps = contents(of: "/proc/\(process)/maps") ?? []
    guard
      let mapping = MemoryMappings.shared(in: maps).first(where: { $0.range.contains(address) })
    else { return WaitObject(kind: .lock) }
    let sharers = processes.prefix(Self.processLimit).filter { other in
      let maps = contents(of: "/proc/\(other)/maps") ?? []
      return MemoryMappings.shared(in: maps).contains { $0.inode == mapping.inode }
    }
    return WaitObject(
      kind: .semaphore, name: mapping.path, processes: Self.others(sharers, than: process))
  }

  private func polled(_ call: SystemCall, _ thread: Int32, _ process: Int32) -> [WaitObject] {
    let count = min(Int(clamping: call[1]), Self.descriptorLimit)
    // struct pollfd: the descriptor, what is asked for, what has come.
    guard let bytes = strings.bytes(at: call[0], count: 8 * count, of: thread) else { return [] }
    return (0..<count).compactMap { index in
      let descriptor = bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int32.self)
      let events = bytes.loadUnaligned(fromByteOffset: 8 * index + 4, as: Int16.self)
      guard descriptor >= 0 else { return nil }
      let isWriting = events & Int16(POLLOUT) != 0 && events & Int16(POLLIN) == 0
      return object(descriptor, process, isWriting: isWriting)
    }
  }

  private func selected(_ call: SystemCall, _ thread: Int32, _ process: Int32) -> [WaitObject] {
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

  // MARK: Who is at the other end

  private struct PipeEnds {
    var readers: [Int32] = []
    var writers: [Int32] = []
  }

  private func pipeEnds() -> [String: PipeEnds] {
    var result: [String: PipeEnds] = [:]
    for process in processes.prefix(Self.processLimit) {
      let descriptors = OpenDescriptors(process: process)
      for entry in descriptors.entries where entry.target.hasPrefix("pipe:") {
        let (reads, writes) = descriptors.access(of: entry.number)
        var ends = result[entry.target] ?? PipeEnds()
        if reads, ends.readers.last != process { ends.readers.append(process) }
        if writes, ends.writers.last != process { ends.writers.append(process) }
        result[entry.target] = ends
      }
    }
    return result
  }

  /// A process that has both ends, as parents often have, waits for itself only where nobody else has
  /// the other one.
  private static func others(_ processes: [Int32], than process: Int32) -> [ProcessID] {
    let others = processes.filter { $0 != process }
    return (others.isEmpty ? processes : others).map { ProcessID(rawValue: $0) }
  }
}
