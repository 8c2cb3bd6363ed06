package import TraceModel

extension [PythonFrame] {
  /// The frames with absolute paths; a name that isn't a file's stays unchanged, and so does the
  /// path of the standard library's code in a frozen program.
  package func absolute(in directory: String) -> [PythonFrame] {
    map { frame in
      var frame = frame
      switch CodeOrigin(path: frame.path) {
      case .generated: break
      case .standardLibrary where !frame.path.hasPrefix("/"): break
      default: frame.path = frame.path.absolutePath(in: directory)
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
