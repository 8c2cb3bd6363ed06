internal import Bytes

extension TracebackText {
  /// Reads a line that is none of a traceback's heads, frames and messages: a frame's text, an
  /// exception, or something else.
  mutating func readText(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ time: LogTime?
  ) {
    var isSure = true
    var start = 0
    if let end = prefix.end(in: line) {
      start = end
    } else {
      // Another prefix of the same width, if the text stands where it should.
      start = min(prefix.bytes.count, line.count)
      isSure = line[start...].prefix { $0 == 0x20 }.count == 4
    }
    let rest = UnsafeRawBufferPointer(rebasing: line[start...])
    let indentation = rest.prefix { $0 == 0x20 }.count
    var text = Array(rest.prefix(4_096))[...].trimmed
    if !suffix.isEmpty, text.count > suffix.count, text.suffix(suffix.count).elementsEqual(suffix) {
      text = text.dropLast(suffix.count).trimmed
    }
    guard !text.isEmpty else { return }
    // What is marked in the line above.
    if text.allSatisfy({ $0 == 0x5E || $0 == 0x7E || $0 == 0x20 || $0 == 0x7C }) { return }
    let string = String(decoding: text, as: UTF8.self)
    if readMarked(string, isSure: isSure) { return }
    if string.hasPrefix("...") || string == "[...]" || string == "…" || string == "<snip>" {
      if indentation <= 8, !messages.isNear(number), !string.hasPrefix("...<") {
        lanes.omission()
      }
      return
    }
    if string.hasPrefix("[Previous line repeated") || BootstrapMessage.isFurtherLine(string[...]) {
      return
    }
    if indentation < 4, isSure || prefix.bytes.isEmpty,
      readException(UnsafeRawBufferPointer(rebasing: rest[indentation...]), number, time)
    {
      return
    }
    if string.contains("\", line ") || string.hasPrefix("____") || string.hasPrefix("====") {
      return
    }
    lanes.text(string, line: number, isSure: isSure && indentation >= 4, writer: writer)
  }

  /// Reads the statement that pytest marks in a function's text: `>       p.start()`. It comes before
  /// the first frame, which shows the lines' prefix.
  private mutating func readMarked(_ text: String, isSure: Bool) -> Bool {
    var rest = text[...]
    if !rest.hasPrefix(">    "), !isSure || prefix.bytes.isEmpty,
      let mark = text.utf8.prefix(Self.longestPrefix).firstRange(of: " >    ".utf8)
    {
      rest = text[mark.lowerBound...].dropFirst()
    }
    guard rest.hasPrefix(">    ") else { return false }
    marked = String(rest.drop { $0 == ">" || $0 == " " })
    return true
  }

  private static let longestPrefix = 120

  /// Reads an exception's line, with pytest's mark or without.
  private mutating func readException(
    _ text: UnsafeRawBufferPointer, _ number: Int, _ time: LogTime?
  ) -> Bool {
    var text = text
    // Tracebacks of either grammar may be quoted behind pytest's mark.
    var origin: Writer? = Writer(name: writer)
    if text.starts(with: "E   ".utf8) {
      text = UnsafeRawBufferPointer(rebasing: text[4...].drop { $0 == 0x20 })
      origin = nil
    } else if prefix.bytes.last(where: { $0 != 0x20 }) == UInt8(ascii: "E") {
      origin = nil
    }
    guard let exception = ExceptionLine.text(text) else { return false }
    lanes.exception(exception, line: number, time: time, origin)
    return true
  }
}
