import Reporting

extension TerminalText {
  /// The text of one line, without its end.
  var line: String { String(text.dropLast()) }
}
