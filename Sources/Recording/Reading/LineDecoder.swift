internal import JSON
internal import TraceModel

/// Makes an item of each line, and keeps the stacks to which later lines refer.
struct LineDecoder {
  enum Failure: Error {
    case damaged
    /// A header that only a newer reader understands.
    case version(RecordingVersionError)
  }

  private let parser: JSONParser
  private var stacks = NumberedStacks()

  /// Returns nil if there is no memory.
  init?() {
    guard let parser = JSONParser() else { return nil }
    self.parser = parser
  }

  /// Decodes a line, which `JSONParser.padding` more bytes must follow.
  mutating func item(_ line: UnsafeRawBufferPointer) throws(Failure) -> RecordingItem {
    guard let value = parser.parse(line), let name = value.member("k")?.bytes else {
      throw .damaged
    }
    let kind = LineKind(JSONKey(name))
    switch kind {
    case .other: return .other
    case .stack, .native:
      guard stacks.add(value, isNative: kind == .native) else { throw .damaged }
      return .part
    case .header:
      let fields = HeaderFields(value)
      if let error = fields.versionError { throw .version(error) }
      guard let header = fields.header else { throw .damaged }
      return .header(header)
    case .stop:
      let time: UInt64? = value.member("t")?.integer()
      return .stop(TraceTime(nanoseconds: time ?? 0))
    case .fix:
      guard let fix = ProposedFix(value) else { throw .damaged }
      return .fix(fix)
    case .end:
      guard let end = RecordingEnd(value) else { throw .damaged }
      return .end(end)
    default:
      guard let event = EventFields(value).event(kind, stacks) else { throw .damaged }
      return .event(event)
    }
  }
}
