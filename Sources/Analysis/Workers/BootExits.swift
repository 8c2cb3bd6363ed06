internal import Multiprocessing
internal import TraceModel

/// The statements that workers execute in their boot windows, and those that can end them there: a
/// fold over the events.
///
/// The Python stack is gone when SystemExit ends the interpreter. So the last stack before it shows
/// how far the worker has come, and the program's text which statements from there on can end it.
struct BootExits: Sendable {
  private var windows: [Int: Window] = [:]

  private struct Window {
    /// The stack of the last event that had frames of a module of the user's.
    var frames: [PythonFrame] = []
    var directory = "/"
    /// The statements of each opened program that can end the worker, in the order of the opens.
    var programs: [Program] = []
    /// The number of programs that were opened when the last stack was read.
    var opened = 0
    var message: String?
    var isBlind = false
    var replacesInput = false
  }

  private struct Program: Hashable {
    var path: String
    var exits: [SourceExcerpt.Statement]
  }

  var isIdle: Bool { windows.isEmpty }

  mutating func forget(_ id: Int) {
    windows[id] = nil
  }

  // MARK: While it lives

  /// A worker opens a program.
  mutating func opened(_ open: FileOpen, by id: Int) {
    if open.replacesInput { windows[id, default: Window()].replacesInput = true }
    let program = Program(path: open.path.sourceOfCachedModule ?? open.path, exits: open.exits)
    guard windows[id]?.programs.contains(program) != true else { return }
    windows[id, default: Window()].programs.append(program)
  }

  /// A worker in its boot window writes to standard error.
  mutating func wrote(
    _ text: String, _ reading: StackReading?, by id: Int, in forest: ProcessForest
  ) {
    guard case .read(let stack) = reading else { return }
    if stack.frames.isEmpty {
      // Only the interpreter itself writes without a frame.
      let line = text.split(separator: "\n").first.map(String.init)
      if let line, !line.hasPrefix("Exception ignored"), stack.cut == nil {
        windows[id, default: Window()].message = line
      }
    } else if stack.frames.contains(where: { $0.isModule && CodeOrigin(path: $0.path) == .user }) {
      var window = windows[id] ?? Window()
      window.frames = stack.frames
      window.directory = forest.directory(of: id)
      window.opened = window.programs.count
      window.message = nil
      windows[id] = window
    }
  }

  /// Whether a worker's program sets its standard input to None.
  func replacesInput(_ id: Int) -> Bool { windows[id]?.replacesInput ?? false }

  /// Whether the last stack that was read shows that the worker ends.
  func showsEnd(of id: Int) -> Bool {
    guard let window = windows[id] else { return false }
    return window.message != nil || Self.endsInterpreter(window.frames)
  }

  /// The calls of a worker can't be seen.
  mutating func blinded(_ id: Int) {
    windows[id, default: Window()].isBlind = true
  }

  // MARK: At its end

  /// What ended the worker: the statement, if one alone can have done it.
  ///
  /// - Parameters:
  ///   - status: Its exit status; nil if it says nothing of the statement.
  ///   - frames: The stack at the end, which `os._exit` leaves as it is; nil if it wasn't read.
  func exit(
    of id: Int, status: Int32?, _ frames: [PythonFrame]?, in forest: ProcessForest
  ) -> (culprit: SourceLocation?, exit: BootExit) {
    var exit = BootExit()
    let window = windows[id]
    exit.message = window?.message
    exit.isBlind = window?.isBlind ?? false
    if let frames, let culprit = Self.statement(of: frames) {
      exit.stack = frames.absolute(in: forest.directory(of: id))
      return (SourceLocation(culprit, in: forest.directory(of: id)), exit)
    }
    guard let window else { return (nil, exit) }
    if let culprit = Self.statement(of: window.frames), Self.endsInterpreter(window.frames) {
      exit.stack = window.frames.absolute(in: window.directory)
      return (SourceLocation(culprit, in: window.directory), exit)
    }
    var possible = Self.possible(in: window)
    if let message = exit.message {
      let saying = possible.filter { $0.source?.line.contains(message) == true }
      if saying.count == 1 { possible = saying }
    }
    if let status {
      possible = possible.filter { location in
        location.source.flatMap { ExitStatements.status(of: $0.line) }.map { $0 == status } ?? true
      }
    }
    if possible.count == 1 { return (possible[0], exit) }
    exit.possible = possible
    return (nil, exit)
  }

  /// The innermost statement of a module of the user's code.
  private static func statement(of frames: [PythonFrame]) -> PythonFrame? {
    frames.first { $0.isModule && CodeOrigin(path: $0.path) == .user }
  }

  /// Whether a stack shows that the interpreter ends when the innermost functions are done: those of
  /// `unittest.main()` and of a command line's parser write, and then call `sys.exit`.
  private static func endsInterpreter(_ frames: [PythonFrame]) -> Bool {
    let inner = frames.prefix { !($0.isModule && CodeOrigin(path: $0.path) == .user) }
    guard let statement = statement(of: frames),
      statement.source?.line.contains("exit=False") != true
    else { return false }
    return inner.contains(where: \.endsInterpreter)
  }

  /// The statements that may have ended the worker, by the text of the programs that it has opened:
  /// those from the last seen one on.
  private static func possible(in window: Window) -> [SourceLocation] {
    let modules = window.frames.filter { $0.isModule && CodeOrigin(path: $0.path) == .user }
    var result: [SourceLocation] = []
    for (index, program) in window.programs.enumerated() {
      let depth = modules.firstIndex {
        $0.path.absolutePath(in: window.directory) == program.path
      }
      // A module that was imported before, and isn't executing, is done.
      if depth == nil, index < window.opened { continue }
      for statement in program.exits {
        if let depth, let line = modules[depth].line {
          let first = modules[depth].source?.statement?.number ?? line
          let isCurrent = depth == 0 && statement.number <= line && statement.number >= first
          guard statement.number > line || isCurrent else { continue }
        }
        result.append(
          SourceLocation(
            path: program.path, line: statement.number, function: "<module>",
            source: SourceExcerpt(line: statement.line)))
      }
    }
    return result
  }
}
