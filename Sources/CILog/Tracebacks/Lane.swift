/// One process's traceback, as far as it has come.
struct Lane: Sendable {
  var frames: [FrameTable.ID] = []
  var writer: Writer
  /// Whether the last frame's text has not come.
  var awaitsText = false
  var lastLine: Int
  /// Whether it is known to begin where its traceback does.
  var hasBeginning = false
  /// The writers of heads and frames that came between.
  private(set) var others: [Writer] = []
  /// Whether a frame of it can't have called the next.
  var isBroken = false
  /// Whether a part was left out by hand: `...`.
  var isCut = false

  private static let otherLimit = 16

  /// Notes that another head or frame came between.
  mutating func mix(_ writer: Writer) {
    // There is one other in most logs.
    guard others.last != writer, !hasManyOthers, !others.contains(writer) else { return }
    others.append(writer)
  }

  /// Whether not all of the others are known.
  var hasManyOthers: Bool { others.count == Self.otherLimit }
}
