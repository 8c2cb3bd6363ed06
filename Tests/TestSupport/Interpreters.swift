internal import Foundation

/// The CPython interpreters of this machine, by version: pyenv's, those on PATH, those under
/// PYTHONS.
package enum Interpreters {
  package struct Interpreter: Hashable, Sendable, CustomStringConvertible {
    /// The first two numbers of its version: "3.13".
    package let version: String
    package let path: String

    package var description: String { version }

    /// Whether its version is at least this one.
    package func isAtLeast(_ minor: Int) -> Bool {
      version.hasPrefix("3.") && (Int(version.dropFirst(2).prefix { $0.isNumber }) ?? 0) >= minor
    }
  }

  /// The versions that the product supports.
  package static let supported = (6...15).map { "3.\($0)" }

  /// The versions that this machine must have: those that REQUIRED_PYTHONS names, separated by
  /// spaces.
  ///
  /// `.ci/run` sets it if `../shared/pythons` is there to unpack 3.14 and 3.15 from. Without it, as
  /// on the machine of a first-time contributor, the tests run on the interpreters that are found.
  package static let required: [String] =
    (ProcessInfo.processInfo.environment["REQUIRED_PYTHONS"] ?? "").split(separator: " ").map(
      String.init)

  /// The interpreters of Python 3 that were found, oldest first. They and the versions without one
  /// are printed once.
  package static let all: [Interpreter] = {
    var found: [String: String] = [:]
    for (version, path) in candidates()
    where found[version] == nil && access(path, X_OK) == 0 {
      found[version] = path
    }
    let result = supported.compactMap { version in
      found[version].map { Interpreter(version: version, path: $0) }
    }
    print("interpreters: " + result.map { "\($0.version) \($0.path)" }.joined(separator: ", "))
    let others = supported.filter { found[$0] == nil }
    if !others.isEmpty {
      print(
        "no interpreter for \(others.joined(separator: ", ")):",
        "not in pyenv, not on PATH, not under PYTHONS (a folder that ../shared/pythons/unpack fills)"
      )
    }
    return result
  }()

  /// An old interpreter, one in the middle and a new one of those that were found, for tests that
  /// take seconds each.
  package static let few = all.filter { ["3.8", "3.12", "3.14"].contains($0.version) }

  /// The free-threaded builds that were found. No machine must have one.
  package static let freeThreaded: [Interpreter] =
    candidates().filter { $0.version.hasSuffix("t") && access($0.path, X_OK) == 0 }
    .reduce(into: []) { result, found in
      if !result.contains(where: { $0.version == found.version }) {
        result.append(Interpreter(version: found.version, path: found.path))
      }
    }

  /// The required versions that were not found.
  package static let missing: [String] = {
    let found = Set(all.map(\.version))
    return required.filter { !found.contains($0) }
  }()

  /// A Python 2.7, or nil if none was found. No machine must have one.
  package static let python2: Interpreter? =
    candidates().first { $0.version == "2.7" && access($0.path, X_OK) == 0 }
    .map { Interpreter(version: $0.version, path: $0.path) }

  /// The newest interpreter that was found. A machine without any can't run these tests.
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
      for version in supported + ["3.13t", "3.14t", "3.15t"] {
        result.append((version, "\(folder)/python\(version)"))
      }
    }
    return result
  }
}
