package import TraceModel

extension ProcessID {
  /// The process for people. A log that strace wrote to a terminal lacks the command's own number.
  package var shown: String {
    rawValue > 0 ? "pid \(rawValue)" : "the command"
  }
}
