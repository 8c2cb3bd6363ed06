package import TraceModel

/// What a Python interpreter is to execute and all that it begins with: where two are the same, one does
/// what the other did, unless something outside the process differs.
package struct ScriptState: Hashable, Sendable {
  /// What is executed.
  package enum Target: Hashable, Sendable {
    /// A script, whatever the name by which it was reached.
    case file(FileIdentity)
    /// A script of which nobody could see which file it is.
    case path(String)
    case module(String)
  }

  package var target: Target
  /// What stands behind the script in the command line.
  package var arguments: [String]
  package var workingDirectory: String
  /// nil where nobody could see it.
  package var environment: EnvironmentDigest?

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
  }
}
