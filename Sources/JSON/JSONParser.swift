internal import CSimdJSON

/// simdjson's parser, which keeps its memory from one text to the next.
package final class JSONParser {
  /// How many bytes behind a text must be readable.
  package static let padding = Int(csimdjson_padding)

  private let parser: OpaquePointer

  /// Returns nil if there is no memory.
  package init?() {
    guard let parser = csimdjson_create() else { return nil }
    self.parser = parser
  }

  deinit {
    csimdjson_destroy(parser)
  }

  /// Parses a text that `padding` more bytes follow. The value is valid until the next call; nil if the
  /// text isn't JSON.
  package func parse(_ text: UnsafeRawBufferPointer) -> JSONValue? {
    var tape = csimdjson_tape()
    guard let base = text.baseAddress,
      csimdjson_parse(
        parser, base.assumingMemoryBound(to: UInt8.self), text.count, &tape) == 0,
      let words = tape.words, let strings = tape.strings, tape.word_count > 1
    else { return nil }
    return JSONValue(words: words, strings: strings, index: 1)
  }
}
