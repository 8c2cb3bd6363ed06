package import TraceModel

/// The contents of a traceback: which exception was raised, and where.
package struct Traceback: Hashable, Sendable {
  /// Innermost first, paths as they were printed, with the program's text if it was printed.
  package var frames: [PythonFrame]
  /// The exception's class, with its module if that was printed: `ValueError`,
  /// `_pickle.PicklingError`.
  package var exception: String
  /// The first line of its message; empty if it has none.
  package var message: String

  package init(frames: [PythonFrame], exception: String, message: String) {
    self.frames = frames
    self.exception = exception
    self.message = message
  }

  /// The exception in one line, as Python prints it.
  package var summary: String {
    message.isEmpty ? exception : "\(exception): \(message)"
  }

  /// The start method of the worker that was being started; nil if a task was sent to one that
  /// exists.
  package var startMethod: StartMethod? {
    for frame in frames {
      if let module = StarterModule(path: frame.path), module != .fork { return module.startMethod }
    }
    return nil
  }
}
