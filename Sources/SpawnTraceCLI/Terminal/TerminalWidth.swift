internal import Glibc

/// How wide the terminal is that a descriptor leads to.
enum TerminalWidth {
  /// The number of columns; nil if it is no terminal, or doesn't tell. The corresponding C call is
  /// `ioctl` (ioctl_tty(2), TIOCGWINSZ).
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// The columns of a report: as wide as the terminal, but no line has more than 100, and none less
  /// than 60.
  static func ofReport(on descriptor: Int32) -> Int {
    min(max(columns(of: descriptor) ?? 100, 60), 100)
  }
}
