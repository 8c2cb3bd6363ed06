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

/// The program's text at a frame's line, kept with the event: a replay may lack the file.
package struct SourceExcerpt: Hashable, Sendable {
  /// The line itself.
  package var line: String
  /// The first line of the statement at the margin that `line` belongs to, if that is another line.
  package var statement: Statement?

  /// A statement's first line.
  package struct Statement: Hashable, Sendable {
    package var number: Int
    package var line: String

    package init(number: Int, line: String) {
      self.number = number
      self.line = line
    }
  }

  package init(line: String, statement: Statement? = nil) {
    self.line = line
    self.statement = statement
  }
}

/// The Python stack of one thread at one moment, innermost frame first.
package struct PythonCallStack: Hashable, Sendable {
  package var version: PythonVersion
  package var frames: [PythonFrame]
  /// Why the outer frames are missing; nil if the stack is whole.
  package var cut: String?

  package init(version: PythonVersion, frames: [PythonFrame], cut: String? = nil) {
    self.version = version
    self.frames = frames
    self.cut = cut
  }
}

/// The result of reading a thread's Python stack.
package enum StackReading: Hashable, Sendable {
  /// Indirect, because events are many and most have no stack.
  indirect case read(PythonCallStack)
  /// The process has an interpreter, or should have one, but its stack can't be read; with a reason
  /// that can stand in a report ("no offsets for CPython 3.17").
  case unreadable(String)

  /// The frames, innermost first; empty if the stack could not be read.
  package var frames: [PythonFrame] {
    if case .read(let stack) = self { stack.frames } else { [] }
  }
}
