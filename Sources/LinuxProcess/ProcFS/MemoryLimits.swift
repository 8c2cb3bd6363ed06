internal import Bytes
package import TraceModel

/// How many processes the kernel has ended because memory ran out, as cgroups count them: `oom_kill`
/// in memory.events (version 2, Documentation/admin-guide/cgroup-v2.rst) or in memory.oom_control
/// (version 1, from kernel 4.13 on).
///
/// Only processes of the cgroup that this process began in can be compared with that moment.
package struct MemoryLimits: Sendable {
  /// The counter's file, and its value at the beginning; nil if there is none.
  private let beginning: (path: String, kills: Int)?
  private let root: String

  /// Reads the counter of the cgroup of `process`.
  ///
  /// - Parameter root: Where the hierarchy is mounted.
  package init(of process: ProcessID, root: String = "/sys/fs/cgroup") {
    self.root = root
    beginning = Self.counter(of: process, root).flatMap { path in
      Self.kills(at: path).map { (path, $0) }
    }
  }

  /// How many more there are now in the cgroup of `process`; nil if it isn't known.
  package func kills(of process: ProcessID) -> Int? {
    guard let beginning, Self.counter(of: process, root) == beginning.path,
      let now = Self.kills(at: beginning.path), now >= beginning.kills
    else { return nil }
    return now - beginning.kills
  }

  private static func counter(of process: ProcessID, _ root: String) -> String? {
    guard let bytes = contents(of: "/proc/\(process)/cgroup") else { return nil }
    return file(bytes, root)
  }

  /// The counter's file by /proc/PID/cgroup, which has lines of `number:controllers:/path`; those of
  /// version 2 have no controllers (cgroups(7)).
  package static func file(_ bytes: [UInt8], _ root: String) -> String? {
    var unified: String?
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let path = parts[2] == "/" ? "" : parts[2]
      if parts[1].split(separator: ",").contains("memory") {
        return "\(root)/memory\(path)/memory.oom_control"
      }
      if parts[1].isEmpty { unified = "\(root)\(path)/memory.events" }
    }
    return unified
  }

  /// The value of `oom_kill` in a counter's file.
  private static func kills(at path: String) -> Int? {
    guard let bytes = contents(of: path) else { return nil }
    return parse(bytes)
  }

  /// Parses such a file; nil if it has no `oom_kill`.
  package static func parse(_ bytes: [UInt8]) -> Int? {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return lines.lazy.compactMap { line -> Int? in
      let words = line.split(separator: " ")
      return words.count == 2 && words[0] == "oom_kill" ? Int(words[1]) : nil
    }.first
  }
}
