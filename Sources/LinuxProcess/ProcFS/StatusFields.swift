internal import Glibc
package import TraceModel

/// /proc/TID/status: the kernel's fields of a thread, one a line (proc_pid_status(5)).
package struct StatusFields {
  private let text: Substring.UTF8View

  /// Reads the fields of a thread; nil if it is gone.
  package init?(of thread: ThreadID) {
    guard let bytes = contents(of: ProcMount.folder(of: thread) + "/status") else { return nil }
    self.init(parsing: bytes)
  }

  /// Reads the fields of a process's first thread; nil if the process is gone.
  package init?(of process: ProcessID) {
    self.init(of: process.firstThread)
  }

  /// Takes a file's contents.
  package init(parsing bytes: [UInt8]) {
    text = String(decoding: bytes, as: UTF8.self)[...].utf8
  }

  /// The fields of this process.
  package static var own: StatusFields? {
    StatusFields(of: ProcessID(rawValue: getpid()))
  }

  /// A field's value without the white space in front of it.
  package subscript(name: String) -> String? {
    var rest = text
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
      let line = rest[..<end]
      rest = rest[end...].dropFirst()
      let value = line.dropFirst(name.utf8.count)
      guard value.first == UInt8(ascii: ":"), line.starts(with: name.utf8) else { continue }
      return String(value.dropFirst().drop { $0 == 0x09 || $0 == 0x20 })
    }
    return nil
  }

  /// The process that the thread belongs to: the thread group's id.
  package var process: ProcessID? {
    number("Tgid").map(ProcessID.init(rawValue:))
  }

  /// The process that is notified of its end; not necessarily the one that created it.
  package var parent: ProcessID? {
    number("PPid").map(ProcessID.init(rawValue:))
  }

  /// The process that traces it; nil if it isn't traced.
  package var tracer: ProcessID? {
    number("TracerPid").flatMap { $0 == 0 ? nil : ProcessID(rawValue: $0) }
  }

  /// The thread's id as the thread itself sees it, in the innermost of its pid namespaces.
  package var idInOwnNamespace: ThreadID? {
    self["NSpid"]?.split { $0 == "\t" || $0 == " " }.last.flatMap { Int32($0) }
      .map(ThreadID.init(rawValue:))
  }

  /// How many threads the process has.
  package var threadCount: Int? {
    self["Threads"].flatMap { Int($0) }
  }

  /// How many seccomp filters the thread runs under (kernel 5.10).
  package var filterCount: Int? {
    self["Seccomp_filters"].flatMap { Int($0) }
  }

  /// Whether the delivery of a signal would end the process: it is neither caught nor ignored, and
  /// its default action is to terminate (signal(7)).
  package func isTerminated(by signal: Int32) -> Bool {
    guard (1...64).contains(signal), let caught = mask("SigCgt"), let ignored = mask("SigIgn")
    else { return false }
    switch signal {
    case SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU: return false
    default: return (caught | ignored) >> UInt64(signal - 1) & 1 == 0
    }
  }

  /// Whether the delivery of a signal changes nothing: it is ignored, or has no handler and is
  /// ignored by default (signal(7)).
  package func isIgnored(_ signal: Int32) -> Bool {
    guard (1...64).contains(signal), let caught = mask("SigCgt"), let ignored = mask("SigIgn")
    else { return false }
    if ignored >> UInt64(signal - 1) & 1 == 1 { return true }
    guard caught >> UInt64(signal - 1) & 1 == 0 else { return false }
    return [SIGCHLD, SIGCONT, SIGURG, SIGWINCH].contains(signal)
  }

  /// Whether the process has handlers for signals that others may send it, other than SIGINT's,
  /// which Python always has. Those of faults, of the terminal (readline's for its size), and of
  /// glibc itself (32 to 34) don't count.
  package var handlesSignalsOfOthers: Bool {
    let others = [
      SIGINT, SIGPIPE, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGWINCH,
      SIGTSTP, SIGCONT, SIGTTIN, SIGTTOU, 32, 33, 34,
    ].reduce(UInt64.max) { $0 & ~(1 << UInt64($1 - 1)) }
    return (mask("SigCgt") ?? 0) & others != 0
  }

  /// Whether the process has a handler for a signal, and doesn't block it.
  package func handles(_ signal: Int32) -> Bool {
    guard (1...64).contains(signal) else { return false }
    return ((mask("SigCgt") ?? 0) & ~(mask("SigBlk") ?? 0)) >> UInt64(signal - 1) & 1 == 1
  }

  /// Whether a signal waits for the process to take it.
  package func isPending(_ signal: Int32) -> Bool {
    guard (1...64).contains(signal) else { return false }
    return ((mask("ShdPnd") ?? 0) | (mask("SigPnd") ?? 0)) >> UInt64(signal - 1) & 1 == 1
  }

  /// Whether the process catches, blocks or ignores SIGCHLD.
  package var handlesChildSignal: Bool {
    guard let caught = mask("SigCgt"), let ignored = mask("SigIgn"), let blocked = mask("SigBlk")
    else { return false }
    return (caught | ignored | blocked) >> UInt64(SIGCHLD - 1) & 1 == 1
  }

  private func number(_ name: String) -> Int32? {
    self[name].flatMap { Int32($0) }
  }

  private func mask(_ name: String) -> UInt64? {
    self[name].flatMap { UInt64($0, radix: 16) }
  }
}
