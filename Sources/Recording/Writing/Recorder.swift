package import TraceModel

/// Writes a recording line by line, each handed over as a whole: one `write(2)` a line, so that what
/// was written before a crash is whole but for its last line.
package struct Recorder: ~Copyable {
  private var writer = LineWriter()
  private let write: ([UInt8]) -> Bool
  /// Whether a line could not be written, after which none is: a torn one in the middle would take the
  /// next with it.
  package private(set) var hasFailed = false

  /// `write` takes a line with its end, and returns whether all of it was written.
  package init(_ write: @escaping ([UInt8]) -> Bool) {
    self.write = write
  }

  package mutating func write(_ header: RecordingHeader) {
    line { $0.header(header) }
  }

  package mutating func write(_ event: Event) {
    line { $0.event(event) }
  }

  /// The tree is being ended.
  package mutating func writeStop(at time: TraceTime) {
    line { $0.stop(time) }
  }

  package mutating func write(_ end: RecordingEnd) {
    line { $0.end(end) }
  }

  private mutating func line(_ content: (inout LineWriter) -> Void) {
    guard !hasFailed else { return }
    writer.clear()
    content(&writer)
    writer.endLine()
    hasFailed = !write(writer.bytes)
  }
}
