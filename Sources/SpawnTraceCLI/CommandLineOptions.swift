internal import ExactText
internal import Glibc

/// The arguments of this process, with those of SPAWNTRACE_OPTIONS put in front of them.
enum CommandLineOptions {
  /// The commands that run nothing.
  static let otherCommands: Set<String> = ["replay", "export", "explain"]

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
