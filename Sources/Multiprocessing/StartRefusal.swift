package import TraceModel

/// A start of a process that CPython has refused, as its traceback says.
package struct StartRefusal: Hashable, Sendable {
  /// The message's first line (Lib/multiprocessing/spawn.py, `_check_not_importing_main`, 3.4 to
  /// 3.15).
  static let phrase: StaticString = "An attempt has been made to start a new process before the"

  /// The traceback's frames, innermost first, with the program's text if it was printed. If the
  /// program caught the exception, only the frames within the function that caught it.
  package var frames: [PythonFrame]

  /// Whether the frames include the function that refuses: a traceback has it, and nothing that a
  /// program prints by itself does.
  package var isWhole: Bool {
    frames.contains { $0.plays(.refusesStart) }
  }

  /// Whether that function itself has raised the exception.
  package var isRaisedByCheck: Bool {
    frames.first?.plays(.refusesStart) == true
  }

  /// Whether the frames include the one that runs the parent's main module again.
  package var showsPreparation: Bool {
    frames.contains { $0.plays(.preparesMain) }
  }
}
