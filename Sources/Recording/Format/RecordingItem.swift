package import TraceModel

/// What one line of a recording is.
package enum RecordingItem: Hashable, Sendable {
  indirect case header(RecordingHeader)
  case event(Event)
  /// spawntrace begins to end the tree: what happens from here on is its own doing.
  case stop(TraceTime)
  indirect case end(RecordingEnd)
  /// A stack that following events name.
  case part
  /// Of a kind that isn't read: a remark for people, or something of a later version.
  case other
}
