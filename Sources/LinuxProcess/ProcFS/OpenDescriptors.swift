internal import Glibc

/// What the descriptors of a process lead to, as /proc tells (proc_pid_fd(5), proc_pid_fdinfo(5)).
package struct OpenDescriptors {
  package struct Entry: Hashable, Sendable {
    package let number: Int32
    /// `pipe:[1234]`, `socket:[5678]`, `anon_inode:[eventpoll]`, or a path.
    package let target: String
  }

  package let process: Int32

  package init(process: Int32) {
    self.process = process
  }

  /// All of them; empty where the process is gone or may not be asked.
  package var entries: [Entry] {
    guard let folder = opendir("/proc/\(process)/fd") else { return [] }
    defer { closedir(folder) }
    var entries: [Entry] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let number = Int32(name), let target = target(of: number) {
        entries.append(Entry(number: number, target: target))
      }
    }
    return entries
  }

  package func target(of number: Int32) -> String? {
    destination(ofLink: "/proc/\(process)/fd/\(number)")
  }

  /// Whether it is open for reading, and for writing.
  package func access(of number: Int32) -> (reads: Bool, writes: Bool) {
    guard let flags = information(of: number)["flags"].flatMap({ Int32($0, radix: 8) }) else {
      return (false, false)
    }
    switch flags & O_ACCMODE {
    case O_RDONLY: return (true, false)
    case O_WRONLY: return (false, true)
    default: return (true, true)
    }
  }

  /// The process that a pidfd stands for (pidfd_open(2)).
  package func process(of number: Int32) -> Int32? {
    information(of: number)["Pid"].flatMap { Int32($0) }
  }

  /// The descriptors that an epoll instance watches, each once.
  package func watched(by number: Int32) -> [Int32] {
    guard let bytes = contents(of: "/proc/\(process)/fdinfo/\(number)") else { return [] }
    var result: [Int32] = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("tfd:") {
      let digits = line.dropFirst(4).drop { $0 == " " }.prefix { $0.isNumber }
      if let number = Int32(digits), !result.contains(number) { result.append(number) }
    }
    return result
  }

  private func information(of number: Int32) -> [String: String] {
    guard let bytes = contents(of: "/proc/\(process)/fdinfo/\(number)") else { return [:] }
    var result: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 {
        result[String(parts[0])] = String(parts[1].drop { $0 == " " || $0 == "\t" })
      }
    }
    return result
  }
}
