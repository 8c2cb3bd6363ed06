package import TraceModel

extension ProcessID {
  /// For people. The number of the command itself is missing in a log of strace that wrote to a terminal.
  package var shown: String {
    rawValue > 0 ? "pid \(rawValue)" : "the command"
  }
}
