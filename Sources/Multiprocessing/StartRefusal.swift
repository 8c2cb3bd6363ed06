package import TraceModel

/// A start of a process that CPython has refused, as its traceback says.
package struct StartRefusal: Hashable, Sendable {
  /// The message's first line (Lib/multiprocessing/spawn.py, `_check_not_importing_main`, 3.4 to 3.15).
  static let phrase: StaticString = "An attempt has been made to start a new process before the"

  /// Innermost first, with the program's text if it was printed. If the program caught the exception,
  /// only the frames within the place that caught it.
  package var frames: [PythonFrame]

  /// Whether it has the frame of the function that refuses: it stands in the traceback, and in nothing
  /// that a program prints by itself.
  package var isWhole: Bool {
    frames.contains { $0.plays(.refusesStart) }
  }

  /// Whether it has the frame that runs the parent's main module again.
  package var showsPreparation: Bool {
    frames.contains { $0.plays(.preparesMain) }
  }
}
