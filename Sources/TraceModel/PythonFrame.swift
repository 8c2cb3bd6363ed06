/// One frame of a Python call stack, as it was read from outside the process.
package struct PythonFrame: Hashable, Sendable {
  /// The code's `co_filename`: as the program compiled it, so possibly relative to its directory.
  package var path: String
  /// The line being executed, from 1; nil if the line table has none for the instruction.
  package var line: Int?
  /// The code's `co_name`: `<module>` if the frame executes a module's statements.
  package var function: String
  /// The code's `co_qualname`, if it says more than `co_name`: `Suite.test`, `run.<locals>.work`;
  /// nil if it doesn't, and before Python 3.11, because code objects had none.
  package var qualifiedName: String?
  /// `__name__` of the globals of a module's frame; nil for other frames and if it can't be read.
  package var module: String?
  /// The text at `line`, without its line's end; nil if the file wasn't read.
  package var source: SourceExcerpt?

  package init(
    path: String, line: Int?, function: String, qualifiedName: String? = nil,
    module: String? = nil, source: SourceExcerpt? = nil
  ) {
    self.path = path
    self.line = line
    self.function = function
    self.qualifiedName = qualifiedName
    self.module = module
    self.source = source
  }

  /// Whether the frame executes the statements of a module, not of a function in it.
  package var isModule: Bool {
    function == "<module>"
  }
}
