package import TraceModel

extension [PythonFrame] {
  /// The frames with absolute paths; a name that isn't a file's stays unchanged.
  package func absolute(in directory: String) -> [PythonFrame] {
    map { frame in
      var frame = frame
      if CodeOrigin(path: frame.path) != .generated {
        frame.path = frame.path.absolutePath(in: directory)
      }
      return frame
    }
  }
}

extension Sequence<PythonFrame> {
  /// The frames of the user's own code, in their order.
  package var users: [PythonFrame] {
    filter { CodeOrigin(path: $0.path) == .user }
  }
}
