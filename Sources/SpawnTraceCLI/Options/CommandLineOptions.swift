internal import Glibc
internal import LinuxProcess

/// The arguments of this process, with those of SPAWNTRACE_OPTIONS in front of them.
enum CommandLineOptions {
  /// The commands that run nothing.
  private static let otherCommands = ["replay", "triage", "diff", "export", "explain"]

  /// Those that run a command.
  private static let runningCommands = ["run", "fix"]

  static let commands = runningCommands + otherCommands

  private static let informative = ["help", "--help", "-h", "--version"]

  /// The words of SPAWNTRACE_OPTIONS.
  static var ofEnvironment: [String] {
    getenv("SPAWNTRACE_OPTIONS").map { words(of: String(cString: $0)) } ?? []
  }

  static func arguments() -> [String] {
    let options = ofEnvironment
    // A command named first stays first: `spawntrace run ...`.
    if let first = given.first, runningCommands.contains(first) {
      return [first] + options + given.dropFirst()
    }
    // The options are run's.
    if let first = given.first, otherCommands.contains(first) { return given }
    return options + given
  }

  /// The command that a command line names; nil if it leaves out `run`.
  static func command(of arguments: [String]) -> String? {
    arguments.first.flatMap { commands.contains($0) ? $0 : nil }
  }

  /// The arguments without those of SPAWNTRACE_OPTIONS.
  static var given: [String] { Array(OwnProcess.arguments.dropFirst()) }

  /// The kind of the command that a command line names, whether or not the rest of it is right.
  static func kind(of arguments: [String]) -> CommandKind {
    arguments.first.map { otherCommands.contains($0) } == true ? .other : .run
  }

  /// Whether a command is to be run, judged by the first word; the parser finds what is wrong with
  /// the rest.
  static func areToRun(_ arguments: [String]) -> Bool {
    guard let first = arguments.first else { return false }
    return !otherCommands.contains(first) && !informative.contains(first)
  }

  /// Returns the command of a command line without options, as in `spawntrace -- python main.py`;
  /// nil if the parser is needed.
  ///
  /// The parser finds the options by reflection, which takes 2.5 ms: as long as everything else
  /// before the command runs.
  static func plainCommand(_ arguments: [String]) -> [String]? {
    var rest = arguments[...]
    if rest.first == "run" { rest = rest.dropFirst() }
    guard rest.first == "--" else { return nil }
    rest = rest.dropFirst()
    return rest.isEmpty ? nil : Array(rest)
  }

  /// Splits a text at white space. Quotes of either kind keep white space, and a backslash keeps
  /// the next character.
  static func words(of text: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let complete = word { words.append(complete) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    return words
  }
}
