internal import Multiprocessing
package import TraceModel

/// A place in the program's source.
package struct SourceLocation: Hashable, Sendable {
  /// Absolute.
  package var path: String
  /// From 1; nil if it isn't known.
  package var line: Int?
  /// `<module>` for a statement of a module.
  package var function: String
  package var source: SourceExcerpt?

  package init(path: String, line: Int?, function: String, source: SourceExcerpt?) {
    self.path = path
    self.line = line
    self.function = function
    self.source = source
  }

  /// The place of a frame with an absolute path.
  init(_ frame: PythonFrame) {
    self.init(
      path: frame.path, line: frame.line, function: frame.function, source: frame.source)
  }

  /// The place of a frame with a path that may be relative to `directory`.
  init(_ frame: PythonFrame, in directory: String) {
    self.init(frame)
    if CodeOrigin(path: path) != .generated { path = path.absolutePath(in: directory) }
  }

  /// The place of a script, if its statement isn't known.
  init(somewhereIn script: Script) {
    self.init(path: script.path, line: nil, function: "<module>", source: nil)
  }
}
