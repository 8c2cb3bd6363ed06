internal import Bytes
internal import JSON
internal import TraceModel

/// Reads a recording, line by line, in pieces of any size.
///
/// Damaged lines are skipped and counted, whatever the bytes are.
package struct RecordingReader: ~Copyable {
  /// A longer line is damaged. In bytes: the longest lines are stacks of some thousand frames.
  static let longestLine = 16 << 20

  private var decoder: LineDecoder
  private var splitter = Self.newSplitter
  /// The number of the next event.
  private var nextSequence: UInt64 = 1

  /// How many damaged lines were skipped, without a torn last one.
  package private(set) var damagedLines: UInt64 = 0
  /// How many events are missing between the events that were read.
  package private(set) var lostEvents: UInt64 = 0
  package private(set) var hasEnd = false
  /// Set if only a newer spawntrace understands the recording. Nothing more is read then.
  package private(set) var versionError: RecordingVersionError?
  /// Whether the last line has no end.
  package private(set) var isTorn = false

  private static var newSplitter: LineSplitter {
    LineSplitter(longestLine: longestLine, padding: JSONParser.padding)
  }

  package init() {
    guard let decoder = LineDecoder() else { fatalError("there is no memory") }
    self.decoder = decoder
  }

  /// Reads a piece, and keeps an incomplete last line for the next one.
  package mutating func read(
    _ bytes: UnsafeRawBufferPointer, _ body: (RecordingItem) -> Void
  ) {
    readLines(bytes) { item, _ in body(item) }
  }

  /// Reads a piece in the same way, and calls `body` with each item and its line, without the line's end.
  package mutating func readLines(
    _ bytes: UnsafeRawBufferPointer, _ body: (RecordingItem, UnsafeRawBufferPointer) -> Void
  ) {
    // Moved out of self, which reading a line changes.
    var splitter = splitter
    self.splitter = Self.newSplitter
    splitter.lines(in: bytes) { read(line: $0, body) }
    self.splitter = splitter
  }

  /// The input has ended. A last line without its end is torn, and isn't read.
  package mutating func finish() {
    isTorn = !splitter.isEmpty
    if splitter.isTooLong { damagedLines += 1 }
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
      // A second event with the same number, or an event of another run.
      guard event.sequence >= nextSequence else {
        damagedLines += 1
        return
      }
      lostEvents += event.sequence - nextSequence
      nextSequence = event.sequence + 1
    case .end: hasEnd = true
    case .header, .stop, .fix, .part, .other: break
    }
    body(item, line)
  }
}
