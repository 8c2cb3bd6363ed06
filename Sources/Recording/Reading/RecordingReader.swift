internal import TraceModel

/// Reads a recording, line by line, in pieces of any size.
///
/// Whatever the bytes are, it goes on: what is damaged is skipped and counted.
package struct RecordingReader: ~Copyable {
  /// A longer line is damaged: the longest that is written are stacks of some thousand frames.
  static let longestLine = 16 << 20

  private var decoder: ItemDecoder
  private var rest = LineRest()
  /// The number of the next event.
  private var nextSequence: UInt64 = 1

  /// How many lines were skipped, a torn last one not among them.
  package private(set) var damagedLines: UInt64 = 0
  /// How many events are missing between those that were read.
  package private(set) var lostEvents: UInt64 = 0
  package private(set) var hasEnd = false
  /// Set where only a newer spawntrace understands it: nothing more is read then.
  package private(set) var versionError: RecordingVersionError?
  /// Whether the last line has no end.
  package private(set) var isTorn = false

  package init() {
    guard let decoder = ItemDecoder() else { fatalError("there is no memory") }
    self.decoder = decoder
  }

  /// Reads what has come, and keeps the beginning of a line that isn't whole yet.
  package mutating func read(
    _ bytes: UnsafeRawBufferPointer, _ body: (RecordingItem) -> Void
  ) {
    readLines(bytes) { item, _ in body(item) }
  }

  /// The same, with each item's line, without its end.
  package mutating func readLines(
    _ bytes: UnsafeRawBufferPointer, _ body: (RecordingItem, UnsafeRawBufferPointer) -> Void
  ) {
    // Taken out, because both are changed.
    var rest = LineRest()
    swap(&rest, &self.rest)
    rest.lines(in: bytes) { read(line: $0, body) }
    self.rest = rest
  }

  /// The input has ended. A last line without its end was torn as it was written: it is not read.
  package mutating func finish() {
    isTorn = !rest.isEmpty
    if rest.isTooLong { damagedLines += 1 }
  }

  private mutating func read(
    line: UnsafeRawBufferPointer?, _ body: (RecordingItem, UnsafeRawBufferPointer) -> Void
  ) {
    guard versionError == nil else { return }
    guard let line else {
      damagedLines += 1
      return
    }
    if line.isEmpty { return }
    let item: RecordingItem
    do {
      item = try decoder.item(line)
    } catch {
      if case .version(let error) = error { versionError = error } else { damagedLines += 1 }
      return
    }
    switch item {
    case .event(let event):
      // Twice the same, or one from elsewhere: not of this run.
      guard event.sequence >= nextSequence else {
        damagedLines += 1
        return
      }
      lostEvents += event.sequence - nextSequence
      nextSequence = event.sequence + 1
    case .end: hasEnd = true
    case .header, .stop, .part, .other: break
    }
    body(item, line)
  }
}
