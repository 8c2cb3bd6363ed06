/// The lines of a program that run when a worker imports it as `__mp_main__`: those of functions
/// and those under `if __name__ == "__main__":` do not.
struct ImportedLines {
  /// The lines that run, in their order.
  private(set) var executed: [LogicalLines.Line] = []
  /// The lines of each function at the margin, by its name.
  private(set) var bodies: [String: [String]] = [:]
  /// The functions at the margin that have a decorator.
  private(set) var decorated: Set<String> = []

  /// The indentation of the function that the current line is in.
  private var function: (indentation: Int, name: String?)?
  /// The indentation of the guard that the current line is under.
  private var guardIndentation: Int?
  private var isDecorated = false

  init(_ lines: [LogicalLines.Line]) {
    for line in lines { add(line) }
  }

  private mutating func add(_ line: LogicalLines.Line) {
    if let guardIndentation {
      if line.indentation > guardIndentation { return }
      self.guardIndentation = nil
    }
    if let function {
      if line.indentation > function.indentation {
        if let name = function.name { bodies[name, default: []].append(line.code) }
        return
      }
      self.function = nil
    }
    if line.code.hasPrefix("@") {
      isDecorated = true
      return
    }
    defer { isDecorated = false }
    if let name = PythonLine.functionName(line.code) {
      let isAtMargin = line.indentation == 0
      function = (line.indentation, isAtMargin ? name : nil)
      if isAtMargin {
        // `def main(): sys.exit(1)` on one line.
        bodies[name] = [line.code]
        if isDecorated { decorated.insert(name) }
      }
    } else if ImportGuard.isGuard(line.code) {
      guardIndentation = line.indentation
    } else {
      executed.append(line)
    }
  }
}

/// The condition that keeps code from running in workers.
enum ImportGuard {

  /// Whether a line is true in the first process alone. Its strings are as in `LogicalLines`.
  static func isGuard(_ code: String) -> Bool {
    guard code.hasPrefix("if ") || code.hasPrefix("elif ") else { return false }
    if code.contains("parent_process()") { return code.contains("is None") }
    return code.contains("__name__") && code.contains("\"__main__\"") && code.contains("==")
      && !code.contains("__mp_main__") && !code.contains(" or ") && !code.contains(" not ")
  }
}
