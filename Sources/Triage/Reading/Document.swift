internal import Bytes
internal import Glibc
internal import Input
internal import JSON

/// A text that begins like a JSON document of ours, as a whole.
struct Document {
  /// With the bytes behind it that the parser needs.
  private var bytes: [UInt8] = []
  /// Where the JSON is in the bytes.
  private var range: Range<Int>
  /// What follows if there was too much to be kept.
  private let rest: Input?

  /// In bytes. A result of triage has some 300 of them for an input.
  static let largest = 1 << 26

  /// - Parameter largest: How much is kept, and parsed.
  init(_ input: Input, atMost largest: Int = Self.largest) throws(InputError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    var isComplete = false
    while bytes.count <= largest, !isComplete {
      let count = try input.read(into: buffer)
      bytes += buffer[..<count]
      isComplete = count == 0
    }
    rest = isComplete ? nil : input
    range = DocumentBeginning.withoutMark(bytes[...]).indices
    if isComplete { bytes += [UInt8](repeating: 0, count: JSONParser.padding) }
  }

  /// Calls `body` with what the text is.
  func withContents(_ body: (InputContents) -> Void) throws(InputError) {
    guard rest == nil else {
      if isNamed { throw .refused("it is a JSON document of more than 64 MiB") }
      return body(.text(try asText()))
    }
    guard let parser = JSONParser() else { throw .system(ENOMEM) }
    let document = bytes.withUnsafeBytes { bytes in
      parser.parse(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
    if document == nil, isNamed {
      throw .damaged("it is a JSON document of spawntrace, and damaged")
    }
    // The parser has the document's memory.
    let contents = document.flatMap { self.contents(of: $0) }
    if let contents { body(contents) } else { body(.text(try asText())) }
    withExtendedLifetime(parser) {}
  }

  /// Returns nil if the document isn't ours.
  private func contents(of document: JSONValue) -> InputContents? {
    guard let schema = document.member("schema")?.text else { return nil }
    switch schema {
    case ReportedRun.schema:
      do throws(ReportProblem) {
        return .report(try ReportedRun(document))
      } catch {
        return .unreadable(error.reason)
      }
    case "spawntrace-triage": return .triage(document)
    default:
      guard schema.hasPrefix("spawntrace-") else { return nil }
      return .unreadable("it is a document of another kind (\(schema))")
    }
  }

  /// Whether the beginning names a schema of ours.
  private var isNamed: Bool {
    bytes.prefix(4096).withUnsafeBytes { $0.contains(#""spawntrace-"#) }
  }

  /// The text from its beginning on.
  private func asText() throws(InputError) -> Input {
    let kept = rest == nil ? Array(bytes[..<range.upperBound]) : bytes
    return try Input(rest.map { PrefixedSource(kept, then: $0) } ?? PrefixedSource(kept))
  }
}
