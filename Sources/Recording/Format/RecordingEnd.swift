package import TraceModel

/// The last line of a recording: how spawntrace itself ended.
package struct RecordingEnd: Hashable, Sendable {
  package var time: TraceTime
  package var events: UInt64
  /// spawntrace's own status, or the signal that it died of.
  package var ending: Termination
  /// Whether spawntrace ended the tree.
  package var isStopped: Bool
  /// Whether the time that the run was given had passed.
  package var hasTimedOut: Bool

  package init(
    time: TraceTime, events: UInt64, ending: Termination, isStopped: Bool, hasTimedOut: Bool
  ) {
    self.time = time
    self.events = events
    self.ending = ending
    self.isStopped = isStopped
    self.hasTimedOut = hasTimedOut
  }
}
