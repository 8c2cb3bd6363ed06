package import Analysis
package import TraceModel

/// A place that an input names.
package struct Spot: Hashable, Sendable {
  /// Its path is relative to the input's checkout, or absolute if it lies elsewhere or the checkout
  /// isn't known.
  package var place: FaultPlace
  /// From 1; nil if it isn't known.
  package var line: Int?
  /// The first line of the statement at the margin, if that spans several lines without a block and
  /// this is another one of them: which one a Python names depends on its version.
  package var statement: String?

  package init(_ place: FaultPlace, line: Int?) {
    self.place = place
    self.line = line
  }

  /// - Parameter root: The checkout, without a slash at its end; nil if it isn't known.
  package init(
    path: String, line: Int?, function: String, text: String?, root: String?
  ) {
    let path = PortablePath.slashed(path)
    let inside = root.flatMap { PortablePath.relative(path, to: $0) } ?? path
    place = FaultPlace(path: inside, function: function, text: text)
    self.line = line
  }

  /// A script, wherever in it.
  package init(script: String, root: String?) {
    self.init(path: script, line: nil, function: "<module>", text: nil, root: root)
  }

  package init(_ location: SourceLocation, root: String?) {
    self.init(
      path: location.path, line: location.line, function: location.function,
      text: location.source?.line, root: root)
    guard let first = location.source?.statement?.line else { return }
    let text = FaultPlace(path: "", function: "", text: first).text ?? ""
    if !text.hasSuffix(":") { statement = text }
  }

  package init(_ frame: PythonFrame, root: String?) {
    self.init(
      path: frame.path, line: frame.line, function: frame.function, text: frame.source?.line,
      root: root)
  }
}
