internal import Multiprocessing
package import TraceModel

/// The script that a Python interpreter is to execute and all that it begins with. If two states
/// are the same, both interpreters do the same, unless something outside the process differs.
///
/// A class, because most processes aren't interpreters, and each record has room for one.
package final class ScriptState: Hashable, Sendable {
  /// The script or module that is executed.
  package enum Target: Hashable, Sendable {
    /// A script, whatever name led to it.
    case file(FileIdentity)
    /// A script with an unknown file identity.
    case path(String)
    case module(String)
  }

  package let target: Target
  /// The arguments behind the script in the command line.
  package let arguments: [String]
  package let workingDirectory: String
  /// nil if it could not be seen.
  package let environment: EnvironmentDigest?
  /// The names of variables that the environment has in addition to that of an ancestor which
  /// executes the same script.
  package let addedVariables: [String]
  /// Computed once: a process is compared with each of its ancestors.
  let hash: Int

  /// nil if neither a script nor a module is executed: a text of `-c` is an argument, not a file.
  init?(_ execution: Execution) {
    let line = PythonCommandLine(execution.arguments)
    switch line.target {
    case .script:
      guard let script = execution.script else { return nil }
      target = script.identity.map { .file($0) } ?? .path(script.path)
    case .module(let name): target = .module(name)
    default: return nil
    }
    arguments = line.targetArguments
    workingDirectory = execution.workingDirectory
    environment = execution.environment
    addedVariables = execution.addedVariables
    var hasher = Hasher()
    hasher.combine(target)
    hasher.combine(arguments)
    hasher.combine(workingDirectory)
    hasher.combine(environment)
    hash = hasher.finalize()
  }

  package static func == (one: ScriptState, other: ScriptState) -> Bool {
    one.hash == other.hash && one.target == other.target && one.arguments == other.arguments
      && one.workingDirectory == other.workingDirectory && one.environment == other.environment
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(hash)
  }
}
