internal import Glibc
package import TraceModel

/// The open descriptors of a process and what they lead to (proc_pid_fd(5), proc_pid_fdinfo(5)).
package struct OpenDescriptors {
  package struct Entry: Hashable, Sendable {
    package let number: Int32
    /// `pipe:[1234]`, `socket:[5678]`, `anon_inode:[eventpoll]`, or a path.
    package let target: String
  }

  private let path: String

  package init(process: ProcessID) {
    path = ProcMount.folder(of: process)
  }

  /// All of them; empty if the process is gone or this process may not ask.
  package var entries: [Entry] {
    (entryNames(ofDirectory: "\(path)/fd") ?? []).compactMap { name in
      guard let number = Int32(name), let target = target(of: number) else { return nil }
      return Entry(number: number, target: target)
    }
  }

  package func target(of number: Int32) -> String? {
    destination(ofLink: "\(path)/fd/\(number)")
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
  package func process(of number: Int32) -> ProcessID? {
    information(of: number)["Pid"].flatMap { Int32($0) }.map(ProcessID.init(rawValue:))
  }

  /// The descriptors that an epoll instance waits for, each once.
  package func polled(by number: Int32) -> [Int32] {
    Self.polled(in: contents(of: "\(path)/fdinfo/\(number)") ?? [])
  }

  /// Parses the information about an epoll instance.
  static func polled(in information: [UInt8]) -> [Int32] {
    var result: [Int32] = []
    for line in String(decoding: information, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("tfd:") {
      let digits = line.dropFirst(4).drop { $0 == " " }.prefix { $0.isNumber }
      if let number = Int32(digits), !result.contains(number) { result.append(number) }
    }
    return result
  }

  private func information(of number: Int32) -> [String: String] {
    guard let bytes = contents(of: "\(path)/fdinfo/\(number)") else { return [:] }
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
