internal import Glibc

/// /proc/PID/status: what the kernel tells of a thread, a line a field (proc_pid_status(5)).
package struct StatusFile {
  private let text: Substring.UTF8View

  /// nil where the thread is gone.
  package init?(process: Int32) {
    guard let bytes = contents(of: "/proc/\(process)/status") else { return nil }
    text = String(decoding: bytes, as: UTF8.self)[...].utf8
  }

  /// A field's value without the white space around it.
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

  /// The thread group's id: the process that the thread belongs to.
  package var threadGroup: Int32? {
    self["Tgid"].flatMap { Int32($0) }
  }

  /// The process that will be told of its end; not necessarily the one that made it.
  package var parent: Int32? {
    self["PPid"].flatMap { Int32($0) }
  }

  /// The thread's id as the thread itself sees it, in the innermost of its pid namespaces.
  package var threadInItsNamespace: Int32? {
    self["NSpid"]?.split { $0 == "\t" || $0 == " " }.last.flatMap { Int32($0) }
  }

  /// How many threads the process has.
  package var threadCount: Int? {
    self["Threads"].flatMap { Int($0) }
  }

  /// How many seccomp filters lie over the thread (kernel 5.10).
  package var filterCount: Int? {
    self["Seccomp_filters"].flatMap { Int($0) }
  }

  /// How many lie over this process, and so over those that it starts.
  package static var ownFilterCount: Int? {
    StatusFile(process: getpid())?.filterCount
  }

  /// Whether a signal's delivery would end the process: it is neither caught nor ignored, and its
  /// default action is to terminate (signal(7)).
  package func isEnded(by signal: Int32) -> Bool {
    guard (1...64).contains(signal), let caught = mask("SigCgt"), let ignored = mask("SigIgn")
    else { return false }
    switch signal {
    case SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU: return false
    default: return (caught | ignored) >> UInt64(signal - 1) & 1 == 0
    }
  }

  /// Whether the delivery of a signal changes nothing: it is ignored, or has no handler and is ignored by
  /// default (signal(7)).
  package func isIgnored(_ signal: Int32) -> Bool {
    guard (1...64).contains(signal), let caught = mask("SigCgt"), let ignored = mask("SigIgn")
    else { return false }
    if ignored >> UInt64(signal - 1) & 1 == 1 { return true }
    guard caught >> UInt64(signal - 1) & 1 == 0 else { return false }
    return [SIGCHLD, SIGCONT, SIGURG, SIGWINCH].contains(signal)
  }

  /// Whether the process has made up its mind about SIGCHLD: it catches, awaits or ignores it.
  package var mindsChildren: Bool {
    guard let caught = mask("SigCgt"), let ignored = mask("SigIgn"), let blocked = mask("SigBlk")
    else { return false }
    return (caught | ignored | blocked) >> UInt64(SIGCHLD - 1) & 1 == 1
  }

  private func mask(_ name: String) -> UInt64? {
    self[name].flatMap { UInt64($0, radix: 16) }
  }
}
