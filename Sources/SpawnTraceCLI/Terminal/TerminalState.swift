internal import Glibc

/// The settings of the terminal, for a command that was ended before it could restore them.
struct TerminalState {
  private var settings = termios()
  private let descriptor: Int32

  /// nil if there is no terminal. The corresponding C call is `tcgetattr`.
  init?() {
    guard let terminal = Question.terminal else { return nil }
    descriptor = terminal.rawDescriptor
    guard tcgetattr(descriptor, &settings) == 0 else { return nil }
  }

  /// The corresponding C call is `tcsetattr`. A background process can't change a terminal, and
  /// isn't stopped for that: all signals are blocked.
  func restore() {
    var settings = settings
    _ = tcsetattr(descriptor, TCSADRAIN, &settings)
  }
}
