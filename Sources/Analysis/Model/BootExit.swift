package import TraceModel

/// What is known of the exit that ended a worker while it imported the main module.
package struct BootExit: Hashable, Sendable {
  /// The stack that showed the statement, innermost first, paths absolute; empty if the program's
  /// text alone shows it, or nothing does.
  package var stack: [PythonFrame] = []
  /// The statements that may have ended it, by the program's text, if there are several.
  package var possible: [SourceLocation] = []
  /// What the interpreter itself printed at the end: the message of `sys.exit("...")`.
  package var message: String?
  /// Whether the worker has written a traceback: of an exception that it caught, or that a hook of
  /// its own printed.
  package var hasTraceback = false
  /// Whether its end of the boot window could not have been seen.
  package var isBlind = false

  package init() {}
}
