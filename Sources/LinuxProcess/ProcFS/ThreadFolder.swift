package import TraceModel

/// /proc/PID/task/TID: what the kernel shows of a thread without stopping it.
///
/// A thread that is gone has nothing: each property then is nil, empty or zero.
package struct ThreadFolder {
  private let path: String

  package init(_ thread: ThreadID, of process: ProcessID) {
    path = ProcMount.folder(of: process) + "/task/\(thread)"
  }

  /// The thread's name (`PR_SET_NAME`).
  package var name: String {
    let bytes = contents(of: path + "/comm") ?? []
    return String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
  }

  /// A thread's state, by its letter in proc_pid_stat(5).
  package enum State: UInt8, Hashable, Sendable {
    case running = 0x52  // R: it runs, or is ready to
    case sleeping = 0x53  // S
    case uninterruptible = 0x44  // D
    case stopped = 0x54  // T: by a signal of job control
    case traced = 0x74  // t: in a ptrace stop
    case zombie = 0x5a  // Z
    case dead = 0x58  // X
    case other = 0

    /// Whether the thread has ended.
    package var isOver: Bool { self == .zombie || self == .dead }
  }

  package var state: State? {
    guard let bytes = contents(of: path + "/stat"),
      let end = bytes.lastIndex(of: UInt8(ascii: ")")), bytes.count > end + 2
    else { return nil }
    return State(rawValue: bytes[end + 2]) ?? .other
  }

  /// How long it has used a processor (Documentation/scheduler/sched-stats.rst).
  package var processorTime: Duration { Duration(nanoseconds: schedule(0)) }

  /// How many times it has got a processor; 0 if the kernel doesn't count.
  package var turns: UInt64 { schedule(2) }

  private func schedule(_ index: Int) -> UInt64 {
    guard let bytes = contents(of: path + "/schedstat") else { return 0 }
    let words = bytes.split { $0 == 0x20 || $0 == 0x0a }
    return index < words.count ? UInt64(String(decoding: words[index], as: UTF8.self)) ?? 0 : 0
  }

  /// The system call in which it waits, without a thread pointer; nil if it isn't in one, or this
  /// process may not ask (proc_pid_syscall(5)).
  package var systemCall: SystemCall? {
    contents(of: path + "/syscall").flatMap(SystemCall.init(procLine:))
  }
}

extension SystemCall {
  /// Parses /proc/PID/syscall; nil for `running`, and for a thread that is blocked outside of a
  /// call (-1).
  init?(procLine bytes: [UInt8]) {
    let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
    guard words.count >= 7, let number = Int(words[0]), number >= 0 else { return nil }
    let arguments = words[1...6].compactMap { UInt64($0.dropFirst(2), radix: 16) }
    guard arguments.count == 6 else { return nil }
    self.init(
      number: number,
      arguments: (
        arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]
      ), threadPointer: nil)
  }
}
