package import Analysis
package import TraceModel

extension PythonFrame {
  /// The function's name as reports have it: the qualified one if the version has it.
  package var shownName: String {
    qualifiedName ?? function
  }
}

extension Finding {
  /// The same for a place on the finding's stack.
  package func shownName(of place: SourceLocation) -> String {
    frame(at: place)?.shownName ?? place.function
  }

  /// The frame of the proof's stack that is at this place.
  package func frame(at place: SourceLocation) -> PythonFrame? {
    stack.first {
      $0.path == place.path && $0.line == place.line && $0.function == place.function
    }
  }
}
