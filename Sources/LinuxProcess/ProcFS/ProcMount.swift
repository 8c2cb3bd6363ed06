internal import CSpawnTrace
internal import Glibc

/// What is mounted at /proc, as this process finds it.
package enum ProcMount: Hashable, Sendable {
  /// The processes of our own pid namespace, by the numbers that we know them by.
  case usable
  /// No proc filesystem: a chroot without one, or it was unmounted.
  case missing
  /// The processes of another pid namespace. There our numbers are those of other processes, or of
  /// none (pid_namespaces(7), "/proc and PID namespaces").
  case foreign

  /// What is mounted for this process. To be asked for by the process that traces: its parent may
  /// be in another pid namespace.
  package static let current = found(self: contents(of: "/proc/self/status"))

  static var isUsable: Bool { current == .usable }

  /// - Parameter status: /proc/self/status; nil if there is no such file.
  static func found(self status: [UInt8]?) -> ProcMount {
    guard let status else { return spawntrace_has_proc() ? .foreign : .missing }
    let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
    func value(_ name: String) -> Substring? {
      lines.first { $0.hasPrefix(name) }.map { $0.dropFirst(name.count) }
    }
    // One number for each namespace, from that of the mount inwards (proc_pid_status(5), since 4.1).
    return (value("NSpid:\t") ?? value("Tgid:\t")) == "\(getpid())" ? .usable : .foreign
  }

  /// The folder of a process. If /proc isn't usable, a path at which there can be nothing: never
  /// another process's folder.
  static func folder(of number: some CustomStringConvertible) -> String {
    isUsable ? "/proc/\(number)" : "/dev/null/\(number)"
  }
}
