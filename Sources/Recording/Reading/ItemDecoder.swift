internal import TraceModel

/// Makes of one line what it says.
struct ItemDecoder {
  /// Why a line is nothing.
  enum Failure: Error {
    case damaged
    /// A header that this reader can't understand.
    case version(RecordingVersionError)
  }

  private let parser: JSONParser
  private var stacks = StackSlots()

  init?() {
    guard let parser = JSONParser() else { return nil }
    self.parser = parser
  }

  /// The bytes are to be followed by `JSONParser.padding` more.
  mutating func item(_ line: UnsafeRawBufferPointer) throws(Failure) -> RecordingItem {
    guard let value = parser.parse(line), let name = value.member("k")?.bytes else {
      throw .damaged
    }
    let kind = LineKind(JSONKey(name))
    switch kind {
    case .other: return .other
    case .stack, .native:
      guard stacks.take(value, isNative: kind == .native) else { throw .damaged }
      return .part
    case .header:
      let fields = HeaderFields(value)
      if let error = fields.versionError { throw .version(error) }
      guard let header = fields.header else { throw .damaged }
      return .header(header)
    case .stop:
      let time: UInt64? = value.member("t")?.integer()
      return .stop(TraceTime(nanoseconds: time ?? 0))
    case .end:
      guard let end = RecordingEnd(value) else { throw .damaged }
      return .end(end)
    default:
      guard let event = EventFields(value).event(kind, stacks) else { throw .damaged }
      return .event(event)
    }
  }
}

/// A recording that only a newer spawntrace understands.
package struct RecordingVersionError: Error, Hashable {
  /// The format's version, and the oldest reader's that understands it.
  package var version: Int
  package var oldestReader: Int
  /// The spawntrace that wrote it.
  package var tool: String
}

/// What `k` says.
enum LineKind {
  case header, stop, end, other, stack, native
  case start, exec, open, pipe, write, bind, connect, kill, signal, blind, survey, thread
  case surveyed, exit

  init(_ key: JSONKey) {
    self =
      if key == "open" {
        .open
      } else if key == "start" {
        .start
      } else if key == "exec" {
        .exec
      } else if key == "exit" {
        .exit
      } else if key == "signal" {
        .signal
      } else if key == "pipe" {
        .pipe
      } else if key == "write" {
        .write
      } else if key == "connect" {
        .connect
      } else if key == "kill" {
        .kill
      } else if key == "blind" {
        .blind
      } else if key == "bind" {
        .bind
      } else if key == "thread" {
        .thread
      } else if key == "survey" {
        .survey
      } else if key == "surveyed" {
        .surveyed
      } else if key == "stack" {
        .stack
      } else if key == "native" {
        .native
      } else if key == "hdr" {
        .header
      } else if key == "stop" {
        .stop
      } else if key == "end" {
        .end
      } else {
        .other
      }
  }
}
