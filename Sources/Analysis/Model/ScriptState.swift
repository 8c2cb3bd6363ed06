internal import Multiprocessing
package import TraceModel

/// What a Python interpreter is to execute and all that it begins with: where two are the same, one does
/// what the other did, unless something outside the process differs.
///
/// A class, because most processes are no interpreters, and each record has room for one.
package final class ScriptState: Hashable, Sendable {
  /// What is executed.
  package enum Target: Hashable, Sendable {
    /// A script, whatever the name by which it was reached.
    case file(FileIdentity)
    /// A script of which nobody could see which file it is.
    case path(String)
    case module(String)
  }

  package let target: Target
  /// What stands behind the script in the command line.
  package let arguments: [String]
  package let workingDirectory: String
  /// nil where nobody could see it.
  package let environment: EnvironmentDigest?
  /// Told once: a process is compared with each of its ancestors.
  let hash: Int

  /// nil where it is no script and no module: a text of `-c` is an argument, and no file.
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
