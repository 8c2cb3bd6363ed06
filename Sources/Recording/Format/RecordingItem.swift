package import TraceModel

/// The meaning of one line of a recording.
package enum RecordingItem: Hashable, Sendable {
  indirect case header(RecordingHeader)
  case event(Event)
  /// spawntrace begins to end the tree, and causes what follows.
  case stop(TraceTime)
  /// The edit that takes the fault away that the next event, or the run as a whole, proves.
  indirect case fix(ProposedFix)
  indirect case end(RecordingEnd)
  /// A stack, to which later events refer.
  case part
  /// A kind that isn't read: a remark for people, or something from a later version.
  case other
}
