internal import TraceModel

extension ProcessID {
  /// For people. A log of strace that writes to a terminal does not tell the command's own number.
  var shown: String {
    rawValue > 0 ? "pid \(rawValue)" : "the command"
  }
}
