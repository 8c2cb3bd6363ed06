internal import Bytes
package import TraceModel

/// How many processes the kernel has ended because memory ran out, as cgroups count them (cgroup
/// v2, Documentation/admin-guide/cgroup-v2.rst, memory.events: `oom_kill`).
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
    // cgroups(7): a line `0::/path` is version 2.
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first {
      $0.hasPrefix("0::/")
    }
    return line.map { root + $0.dropFirst(3) + ($0 == "0::/" ? "" : "/") + "memory.events" }
  }

  /// The value of `oom_kill` in a memory.events file.
  private static func kills(at path: String) -> Int? {
    guard let bytes = contents(of: path) else { return nil }
    return parse(bytes)
  }

  /// Parses memory.events; nil if it has no `oom_kill`.
  package static func parse(_ bytes: [UInt8]) -> Int? {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return lines.lazy.compactMap { line -> Int? in
      let words = line.split(separator: " ")
      return words.count == 2 && words[0] == "oom_kill" ? Int(words[1]) : nil
    }.first
  }
}
