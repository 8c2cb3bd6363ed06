internal import TraceModel

/// The command line of a Python interpreter: what it asks the interpreter to run.
package struct PythonCommandLine: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    /// A script's file, a directory or a zip file, as it was written.
    case script(String)
    /// `-m NAME`
    case module(String)
    /// `-c TEXT`
    case command(String)
    /// `-`, or nothing: a program on standard input, or a conversation.
    case standardInput
    /// `-V`, `-h`: prints something and ends.
    case nothing
  }

  package var target: Target
  /// The program's `sys.argv[1:]`.
  package var targetArguments: [String]

  /// Reads `arguments`, the interpreter's own name first, as CPython's getopt does
  /// (Python/getopt.c, Python/initconfig.c: short options may be joined, `-c` and `-m` end them).
  package init(_ arguments: [String]) {
    var rest = arguments.dropFirst()
    while let argument = rest.first, argument.hasPrefix("-"), argument != "-" {
      rest = rest.dropFirst()
      if argument == "--" { break }
      if argument.hasPrefix("--") {
        // --check-hash-based-pycs MODE is the only long option with a value of its own.
        if argument == "--check-hash-based-pycs" { rest = rest.dropFirst() }
        if argument == "--version" || argument.hasPrefix("--help") {
          self.init(target: .nothing, rest)
          return
        }
        continue
      }
      var letters = argument.dropFirst()
      while let letter = letters.popFirst() {
        switch letter {
        case "c", "m":
          let joined = String(letters)
          let value = joined.isEmpty ? rest.popFirst() ?? "" : joined
          self.init(target: letter == "c" ? .command(value) : .module(value), rest)
          return
        case "W", "X", "Q":
          if letters.isEmpty { rest = rest.dropFirst() }
          letters = ""
        case "V", "h", "?":
          self.init(target: .nothing, rest)
          return
        default:
          break
        }
      }
    }
    guard let script = rest.first else {
      self.init(target: .standardInput, [])
      return
    }
    self.init(target: script == "-" ? .standardInput : .script(script), rest.dropFirst())
  }

  private init(target: Target, _ rest: ArraySlice<String>) {
    self.target = target
    targetArguments = Array(rest)
  }

  /// Whether a program's file has the name of a Python interpreter: `python`, `python3.13`,
  /// `python3.14t`, `python3.8-dbg`, `pypy3.11`.
  package static func isInterpreter(_ executable: String) -> Bool {
    // Asked for each program of a run: compares bytes and makes no strings.
    let name = executable.lastPathComponent.utf8
    let rest: Substring.UTF8View
    if name.starts(with: "python".utf8) {
      rest = name.dropFirst(6)
    } else if name.starts(with: "pypy".utf8) {
      rest = name.dropFirst(4)
    } else {
      return false
    }
    let variant = rest.drop { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    return variant.isEmpty || variants.contains { $0.utf8.elementsEqual(variant) }
  }

  private static let variants = ["t", "d", "m", "td", "dm", "u", "-dbg", "-nogil", "-intel64"]
}
