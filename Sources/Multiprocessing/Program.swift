package import TraceModel

/// What a program's file says by its name.
package struct Program: Hashable, Sendable {
  package let isPython: Bool
  package let isShell: Bool
  /// Of an interpreter, if its name has it: `python3.13`.
  package let version: PythonVersion?

  package init(executable: String) {
    isPython = PythonCommandLine.isInterpreter(executable)
    isShell = !isPython && Self.shells.contains(executable.lastPathComponent)
    version = PythonVersion(executable: executable)
  }

  private static let shells: Set<Substring> = [
    "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "busybox", "rbash",
  ]
}
