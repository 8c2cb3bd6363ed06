package import TraceModel

/// A module that `Process.start` imports only when it starts a process, one for each start method
/// (Lib/multiprocessing/context.py, `Process._Popen`, CPython 3.4 to 3.15).
package enum StarterModule: String, CaseIterable, Sendable {
  case spawn = "popen_spawn_posix"
  case forkserver = "popen_forkserver"
  case fork = "popen_fork"

  /// The module of a source or compiled file: `popen_spawn_posix.py`,
  /// `popen_forkserver.cpython-313.pyc`; nil for others.
  package init?(path: String) {
    // Asked for each opened file: most names begin otherwise.
    guard path.fileNameBegins(with: "popen_") else { return nil }
    if path.fileNameBegins(with: "popen_spawn_posix.") {
      self = .spawn
    } else if path.fileNameBegins(with: "popen_forkserver.") {
      self = .forkserver
    } else if path.fileNameBegins(with: "popen_fork.") {
      self = .fork
    } else {
      return nil
    }
  }

  /// The module of a file, by the file's name alone.
  init?(fileName name: some Collection<UInt8>) {
    guard name.starts(with: "popen_".utf8) else { return nil }
    for module in Self.allCases where name.starts(with: module.rawValue.utf8) {
      let rest = name.dropFirst(module.rawValue.utf8.count)
      if rest.first == UInt8(ascii: ".") {
        self = module
        return
      }
    }
    return nil
  }

  package var startMethod: StartMethod {
    switch self {
    case .spawn: .spawn
    case .forkserver: .forkserver
    case .fork: .fork
    }
  }

  /// Whether CPython refuses a start by this module while a worker imports its parent's main module
  /// (Lib/multiprocessing/spawn.py, `_check_not_importing_main`).
  package var isRefusedInBootWindow: Bool { self != .fork }

  /// The files that an interpreter may load the module from, relative to the folder of its standard
  /// library: source and compiled (PEP 3147), with each optimization.
  ///
  /// - Parameter flavour: `t` for a free-threaded build, else empty.
  package func files(of version: PythonVersion, flavour: String) -> [String] {
    let tag = "cpython-\(version.major)\(version.minor)\(flavour)"
    let compiled = ["", ".opt-1", ".opt-2"].map { "__pycache__/\(rawValue).\(tag)\($0).pyc" }
    return (["\(rawValue).py"] + compiled).map { "multiprocessing/" + $0 }
  }
}
