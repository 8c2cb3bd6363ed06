internal import Bytes

/// CPython's message of a refused start (Lib/multiprocessing/spawn.py, `_check_not_importing_main`;
/// Lib/multiprocessing/forking.py of 2.7, `get_command_line`).
enum BootstrapMessage {
  static let phrase: StaticString = "An attempt has been made to start a new process before the"
  static let oldPhrase: StaticString = "Attempt to start a new process before"

  /// Where the phrase begins in a line.
  static func position(in line: UnsafeRawBufferPointer) -> Int? {
    line.range(of: phrase)?.lowerBound ?? line.range(of: oldPhrase)?.lowerBound
  }

  /// Whether a text is one of the message's further lines.
  static func isFurtherLine(_ text: Substring) -> Bool {
    further.contains { text.hasPrefix($0) }
  }

  private static let further = [
    "current process has finished", "has finished its bootstrapping", "This probably means",
    "child processes and you have", "in the main module", "if __name__ ==", "freeze_support()",
    "The \"freeze_support()\"", "is not going to be frozen", "To fix this issue",
    "section in https", "forgotten to use the proper", "...",
  ]
}
