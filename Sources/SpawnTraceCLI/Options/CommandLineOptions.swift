internal import Bytes
internal import Glibc

/// The arguments of this process, with those of SPAWNTRACE_OPTIONS put in front of them.
enum CommandLineOptions {
  /// The commands that run nothing.
  static let otherCommands = ["replay", "export", "explain"]

  private static let informative = ["help", "--help", "-h", "--version"]

  static func arguments() -> [String] {
    let given = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
      .dropFirst().compactMap(\.self).map { argument in
        String(exactly: UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
      }
    guard let text = getenv("SPAWNTRACE_OPTIONS").map({ String(cString: $0) }) else { return given }
    let options = words(of: text)
    // A command named first stays first: `spawntrace run ...`.
    if given.first == "run" { return ["run"] + options + given.dropFirst() }
    // The options are run's.
    if let first = given.first, otherCommands.contains(first) { return given }
    return options + given
  }

  /// Whether a command line asks for a command to be run, as far as a look at its first word tells; what
  /// is wrong with the rest is for the parser.
  static func areToRun(_ arguments: [String]) -> Bool {
    guard let first = arguments.first else { return false }
    return !otherCommands.contains(first) && !informative.contains(first)
  }

  /// The command that is to be run where no option is given, as in `spawntrace -- python main.py`; nil
  /// where the command line wants the parser.
  ///
  /// The parser finds by reflection which options there are, and that takes as long as all else before
  /// the command runs.
  static func plainCommand(_ arguments: [String]) -> [String]? {
    var rest = arguments[...]
    if rest.first == "run" { rest = rest.dropFirst() }
    guard rest.first == "--" else { return nil }
    rest = rest.dropFirst()
    return rest.isEmpty ? nil : Array(rest)
  }

  /// The words of a text, parted by white space; quotes of either kind keep it, a backslash keeps the
  /// next character.
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
