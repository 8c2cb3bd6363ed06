/// /proc/PID/status: what the kernel tells of a thread, a line a field (proc_pid_status(5)).
package struct StatusFile {
  private let lines: [Substring]

  /// nil where the thread is gone.
  package init?(process: Int32) {
    guard let bytes = contents(of: "/proc/\(process)/status") else { return nil }
    lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// A field's value without the white space around it.
  package subscript(name: String) -> String? {
    for line in lines where line.hasPrefix(name) && line.dropFirst(name.count).first == ":" {
      return String(line.dropFirst(name.count + 1).drop { $0 == "\t" || $0 == " " })
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
}
