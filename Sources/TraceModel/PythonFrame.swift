/// One frame of a Python call stack, as it was read from outside the process.
package struct PythonFrame: Hashable, Sendable {
  /// The code's `co_filename`: as the program compiled it, so possibly relative to its directory.
  package var path: String
  /// The line being executed, from 1; nil where the line table has none for the instruction.
  package var line: Int?
  /// The code's `co_name`: `<module>` where the frame executes a module's statements.
  package var function: String
  /// The code's `co_qualname`, where it says more than `co_name`: `Suite.test`, `run.<locals>.work`;
  /// nil where it doesn't, and before Python 3.11, whose code objects have none.
  package var qualifiedName: String?
  /// `__name__` of the globals of a module's frame; nil for other frames and where it can't be read.
  package var module: String?
  /// The text at `line`, without its line's end; nil where the file wasn't read.
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

/// The program's text at a frame's line, kept with the event: who replays it has no such file.
package struct SourceExcerpt: Hashable, Sendable {
  /// The line itself.
  package var line: String
  /// The first line of the statement at the margin that `line` belongs to, where that is another.
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
  /// Why the outer frames are missing; nil where the stack is whole.
  package var cut: String?

  package init(version: PythonVersion, frames: [PythonFrame], cut: String? = nil) {
    self.version = version
    self.frames = frames
    self.cut = cut
  }
}

/// What reading a thread's Python stack led to.
package enum StackReading: Hashable, Sendable {
  /// Kept apart, because events are many and most have none.
  indirect case read(PythonCallStack)
  /// The process has an interpreter, or should have one, and its stack can't be read; with a reason
  /// that can stand in a report ("no offsets for CPython 3.17").
  case unreadable(String)

  /// The frames, innermost first; empty if the stack could not be read.
  package var frames: [PythonFrame] {
    if case .read(let stack) = self { stack.frames } else { [] }
  }
}
