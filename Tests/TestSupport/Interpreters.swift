internal import Foundation

/// The CPythons of this machine, by version: pyenv's, those on PATH, and those under PYTHONS.
package enum Interpreters {
  package struct Interpreter: Hashable, Sendable, CustomStringConvertible {
    /// Its first two numbers: "3.13".
    package let version: String
    package let path: String

    package var description: String { version }

    /// Whether its version is at least this one.
    package func isAtLeast(_ minor: Int) -> Bool {
      version.hasPrefix("3.") && (Int(version.dropFirst(2).prefix { $0.isNumber }) ?? 0) >= minor
    }
  }

  /// What CI has, and a test that lacks one there fails.
  package static let required = (6...15).map { "3.\($0)" }

  /// Those of Python 3 that were found, oldest first; said once on standard output.
  package static let all: [Interpreter] = {
    var found: [String: String] = [:]
    for (version, path) in candidates() where found[version] == nil {
      if access(path, X_OK) == 0 { found[version] = path }
    }
    let result = required.compactMap { version in
      found[version].map { Interpreter(version: version, path: $0) }
    }
    print("interpreters: " + result.map { "\($0.version) \($0.path)" }.joined(separator: ", "))
    return result
  }()

  /// Free-threaded builds, where there are some: nobody has to have them.
  package static let freeThreaded: [Interpreter] =
    candidates().filter { $0.version.hasSuffix("t") && access($0.path, X_OK) == 0 }
    .reduce(into: []) { result, found in
      if !result.contains(where: { $0.version == found.version }) {
        result.append(Interpreter(version: found.version, path: found.path))
      }
    }

  /// Those that are missing although this is CI; empty elsewhere.
  package static let missing: [String] = {
    guard ProcessInfo.processInfo.environment["CI"] != nil else { return [] }
    let found = Set(all.map(\.version))
    return required.filter { !found.contains($0) }
  }()

  /// A Python 2.7, where there is one: nobody has to have it.
  package static let python2: Interpreter? =
    candidates().first { $0.version == "2.7" && access($0.path, X_OK) == 0 }
    .map { Interpreter(version: $0.version, path: $0.path) }

  /// One that every machine has that can run these tests at all; the newest.
  package static func newest() throws -> Interpreter {
    guard let last = all.last else { throw POSIXError(.ENOENT) }
    return last
  }

  private static func candidates() -> [(version: String, path: String)] {
    let environment = ProcessInfo.processInfo.environment
    var result: [(String, String)] = []
    let versions = (environment["HOME"] ?? "") + "/.pyenv/versions"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? [] {
      // pyenv calls a free-threaded build 3.13.0t.
      let short =
        name.split(separator: ".").prefix(2).joined(separator: ".")
        + (name.hasSuffix("t") ? "t" : "")
      result.append((short, "\(versions)/\(name)/bin/python\(short)"))
    }
    let folders =
      (environment["PYTHONS"].map { ["\($0)/usr/bin"] } ?? [])
      + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in folders {
      for version in required + ["3.13t", "3.14t", "3.15t"] {
        result.append((version, "\(folder)/python\(version)"))
      }
    }
    return result
  }
}
