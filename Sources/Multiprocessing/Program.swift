package import TraceModel

/// A program's file, as far as its name says what it is.
package struct Program: Hashable, Sendable {
  package let isPython: Bool
  package let isShell: Bool
  /// The version in an interpreter's name, if there is one: `python3.13`.
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
