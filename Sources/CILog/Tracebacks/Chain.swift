/// A traceback as it was read: frames by their numbers, and how it ended.
struct Chain: Hashable, Sendable {
  enum End: Hashable, Sendable {
    /// The function that refuses a start.
    case refusal
    /// The message of a refusal, below a traceback that was cut by hand.
    case cutRefusal
    case exception(String)
    /// Nothing: other text came, or the log ended.
    case open
  }

  /// Outermost first.
  var frames: [FrameTable.ID]
  var end: End
}

/// How often a chain was read.
struct ChainTally: Sendable {
  var count = 0
  /// Read without other tracebacks' lines in between.
  var inOnePiece = 0
  /// In one piece, and each frame can have called the next.
  var clean = 0
  /// With the message at its end.
  var withMessage = 0
  var first: LogTime?
  var last: LogTime?
  /// The names of the writers; nil stands for one without a name.
  var writers: Set<Int?> = []
  /// The order of appearance.
  var rank: Int

  private static let writerLimit = 32

  mutating func add(_ time: LogTime?, writer: Int?) {
    count += 1
    writers.insert(writers.count < Self.writerLimit ? writer : nil)
    first = first ?? time
    last = time ?? last
  }

  /// Whether a process can have written some of both.
  func canShareWriter(with other: ChainTally) -> Bool {
    writers.contains(nil) || other.writers.contains(nil) || !writers.isDisjoint(with: other.writers)
  }
}
