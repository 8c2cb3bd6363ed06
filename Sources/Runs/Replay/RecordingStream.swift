package import Analysis
package import Input
package import Recording
internal import TraceModel

/// A recording as a sequence of lines. It keeps what the recording says about itself: its header,
/// its end, and what is damaged.
package final class RecordingStream {
  package let path: String
  private let input: any ByteSource
  private let isFollowed: Bool
  private var reader = RecordingReader()
  package private(set) var header: RecordingHeader?
  package private(set) var end: RecordingEnd?
  private var lastEvent: Limitation.Moment?
  private var inputError: InputError?
  private var isStopped = false

  package init(_ input: any ByteSource, path: String, isFollowed: Bool = false) {
    self.input = input
    self.path = path
    self.isFollowed = isFollowed
  }

  /// Opens a file, or standard input for `-`.
  package convenience init(path: String, _ limit: UnpackLimit) throws(ReplayError) {
    guard case .recording(let input) = try ReplaySource([path], limit) else {
      throw .notRecording(path: path)
    }
    self.init(input, path: path)
  }

  package var lostEvents: UInt64 { reader.lostEvents }

  /// Ends the reading soon: to be called by `read`'s body.
  package func stop() {
    isStopped = true
  }

  /// Calls `body` with each item and its line, without the line's end, up to the recording's end or
  /// the first error of the input. Returns the header.
  @discardableResult
  package func read(
    _ body: (RecordingItem, UnsafeRawBufferPointer) -> Void
  ) throws(ReplayError) -> RecordingHeader {
    var pieces = InputPieces(input, isFollowed: isFollowed)
    do throws(InputError) {
      while reader.versionError == nil, !isStopped,
        let piece = try pieces.next(isComplete: end != nil)
      {
        reader.readLines(piece) { item, line in
          switch item {
          case .event(let event):
            lastEvent = Limitation.Moment(sequence: event.sequence, time: event.time)
          case .header(let new):
            // Two recordings in one file: the second header is not of this run.
            guard header == nil else { return }
            header = new
          case .end(let new): end = new
          case .stop, .fix, .part, .other: break
          }
          body(item, line)
        }
      }
    } catch {
      // What could be read and isn't, is no damage to be reported beside a verdict.
      if case .refused = error { throw .unreadable(path: path, error) }
      inputError = error
    }
    if let error = reader.versionError { throw .newerVersion(path: path, error) }
    reader.finish()
    if let header { return header }
    throw inputError.map { .unreadable(path: path, $0) } ?? .noHeader(path: path)
  }

  /// What is wrong with the recording.
  package var limitations: [Limitation] {
    var result: [Limitation] = []
    if reader.damagedLines > 0 {
      result.append(.damagedLines(reader.damagedLines, missingEvents: reader.lostEvents))
    } else if reader.lostEvents > 0 {
      result.append(.missingEvents(reader.lostEvents))
    }
    if let inputError {
      result.append(.recordingUnreadable(explanation: inputError.explanation))
    }
    if end == nil { result.append(.recordingTruncated(after: lastEvent)) }
    return result
  }
}
