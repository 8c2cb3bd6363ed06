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
}
