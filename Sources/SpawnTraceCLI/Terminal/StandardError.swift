internal import Reporting
internal import Runs

/// Where reports go, and what spawntrace says of itself.
enum StandardError {
  private static let file = OutputFile(descriptor: 2)

  /// Prints one line with the program's name in front.
  static func say(_ message: String) {
    write(TerminalText(lines: ["spawntrace: " + message], unicode: ColorChoice.isUnicode))
  }

  /// Writes at once. If there is no reader, the text is lost and the program's result is not.
  static func write(_ text: TerminalText) {
    try? file.write(text.text)
  }

  /// Shows on a terminal how many inputs are read, in the place of what was shown before.
  static func show(_ count: Int, of total: Int) {
    try? file.write("\rreading \(count) of \(total) inputs")
  }

  static func clearLine() {
    try? file.write("\r\u{1B}[K")
  }
}
