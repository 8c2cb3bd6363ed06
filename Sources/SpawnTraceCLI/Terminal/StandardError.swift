internal import Reporting
internal import Runs

/// What spawntrace itself prints: all of it goes to standard error.
enum StandardError {
  private static let file = OutputFile(descriptor: 2)

  /// Prints one line with the program's name in front.
  static func say(_ message: String) {
    // A file's name may hold anything.
    let text = DisplayText.printable(message, unicode: ColorChoice.isUnicode)
    write("spawntrace: \(text)\n")
  }

  /// Writes at once. If there is no reader, the text is lost and the program's result is not.
  static func write(_ text: String) {
    try? file.write(text)
  }
}
