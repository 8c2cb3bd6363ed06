internal import Bytes
internal import Recording
internal import StraceLog

/// What a run is kept as, judged by the first bytes of a file.
package enum RunFormat: Hashable, Sendable {
  case recording
  /// A log of strace. It may be a file of `strace -ff` if no line names its thread.
  case log(namesThreads: Bool)
  /// What `strace -c` prints, which has no calls.
  case countTable

  /// Returns nil if it is none of them.
  ///
  /// A text is a log of strace only if a quarter of its lines are strace's: a job may print a line
  /// such as `add(2, 3) = 5`.
  package init?(_ beginning: [UInt8]) {
    if beginning.starts(with: RecordingFormat.beginning.utf8) {
      self = .recording
      return
    }
    switch StraceRecognition(beginning) {
    case .trace:
      let share = StraceShare(beginning)
      guard share.tracedLines * 3 >= share.otherLines else { return nil }
      self = .log(namesThreads: share.namesThreads)
    case .countTable:
      // The table's head is its first line. A job may print a table somewhere.
      let isAtTop = beginning.prefix(256).withUnsafeBytes { $0.contains("% time     seconds") }
      guard isAtTop else { return nil }
      self = .countTable
    case .none: return nil
    }
  }
}
