internal import Reporting
internal import Runs
internal import SystemPackage

/// Where the results of commands go that run nothing.
enum StandardOutput {
  private static let file = OutputFile(descriptor: 1)

  static func write(_ text: TerminalText) throws(Errno) {
    try file.write(text.text)
  }

  /// Prints a text of ours, such as help.
  static func print(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    try? write(TerminalText(lines: lines, unicode: true))
  }
}
