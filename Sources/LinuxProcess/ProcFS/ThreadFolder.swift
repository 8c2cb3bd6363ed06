internal import Glibc

/// What /proc tells of one thread without stopping it.
package struct ThreadStatus {
  package let process: Int32
  package let thread: Int32

  package init(process: Int32, thread: Int32) {
    self.process = process
    self.thread = thread
  }

  private var folder: String {
    "/proc/\(process)/task/\(thread)"
  }

  /// Its name; empty where it is gone.
  package var name: String {
    let bytes = contents(of: folder + "/comm") ?? []
    return String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
  }

  /// The letter of its state (proc_pid_stat(5)): `R` running or ready, `S` and `D` waiting, `T` and `t`
  /// stopped, `Z` ended; nil where it is gone.
  package var state: Character? {
    guard let bytes = contents(of: folder + "/stat"),
      let end = bytes.lastIndex(of: UInt8(ascii: ")")), bytes.count > end + 2
    else { return nil }
    return Character(UnicodeScalar(bytes[end + 2]))
  }

  /// How long it has used a processor, in nanoseconds (Documentation/scheduler/sched-stats.rst); 0
  /// where it is gone.
  package var processorTime: UInt64 {
    guard let bytes = contents(of: folder + "/schedstat") else { return 0 }
    return UInt64(String(decoding: bytes.prefix { $0 != 0x20 }, as: UTF8.self)) ?? 0
  }

  /// The system call in which it waits, without a thread pointer; nil where it is in none, or may not
  /// be known (proc_pid_syscall(5)).
  package var systemCall: SystemCall? {
    guard let bytes = contents(of: folder + "/syscall") else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
    guard words.count >= 7, let number = Int(words[0]), number >= 0 else { return nil }
    let arguments = words[1...6].compactMap { UInt64($0.dropFirst(2), radix: 16) }
    guard arguments.count == 6 else { return nil }
    return SystemCall(
      number: number,
      arguments: (
        arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]
      ), threadPointer: nil)
  }

  /// The threads of a process, oldest first.
  package static func threads(of process: Int32) -> [Int32] {
    guard let folder = opendir("/proc/\(process)/task") else { return [] }
    defer { closedir(folder) }
    var threads: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let thread = Int32(name) { threads.append(thread) }
    }
    return threads.sorted()
  }
}
