internal import Bytes
internal import TraceModel

/// Signals by the names that strace gives them.
enum StraceSignals {
  /// Timer and child signals, whose delivery is no event in a live run either: SIGALRM, SIGCHLD, SIGCONT,
  /// SIGURG, SIGVTALRM, SIGPROF, SIGWINCH (signal(7)).
  private static let ignored: Set<Int32> = [14, 17, 18, 23, 26, 27, 28]

  /// Returns the number of `SIGTERM`, `SIGRT_3`, `SIGRTMIN`; nil if there is no such signal.
  static func number(_ name: ByteScanner) -> Int32? {
    var rest = name
    if rest.skip("SIGRT_"), let number = rest.decimal() { return 32 + Int32(clamping: number) }
    if name == "SIGRTMIN" { return 32 }
    return SignalName.number(name.text)
  }

  /// Whether a delivery of the signal is an event.
  static func isRecorded(_ signal: Int32) -> Bool {
    !ignored.contains(signal)
  }
}
