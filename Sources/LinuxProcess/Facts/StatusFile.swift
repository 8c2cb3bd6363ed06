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
}
