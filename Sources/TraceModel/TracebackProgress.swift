/// Which of the texts that a process writes to standard error belong to a traceback, put together to lines.
///
/// CPython 3.6 and 3.13 write one in a few pieces, 3.7 to 3.12 each line, each part of the last one, and each
/// of the marks below a line by itself (Python/traceback.c, `tb_displayline`; Python/pythonrun.c,
/// `print_exception`); `traceback` and unittest write it in one.
package struct TracebackProgress {
  private static let head = "Traceback (most recent call last)".utf8
  /// How many lines may follow a frame's that are none: the program's text, then the exception.
  private static let tail = 8
  /// No line is longer.
  private static let limit = 65_536

  private var remaining = 0
  private var line: [UInt8] = []

  package init() {}

  /// What is to be told now that a text is written; nil where it belongs to no traceback, or its line
  /// isn't whole yet.
  ///
  /// - Parameter all: Whether lines are told that belong to none, too.
  package mutating func take(_ text: UnsafeRawBufferPointer, all: Bool) -> [UInt8]? {
    let begins = Self.begins(text)
    guard begins || all || remaining > 0 || !line.isEmpty else { return nil }
    if line.count + text.count > Self.limit { line = [] }
    line.append(contentsOf: text)
    guard line.last == 0x0A else { return nil }
    let whole = line
    line = []
    // The marks below a line of the program.
    if whole.allSatisfy({ " ~^\n".utf8.contains($0) }) { return nil }
    if begins || whole.starts(with: "  File \"".utf8) {
      remaining = Self.tail
    } else if !all {
      guard remaining > 0 else { return nil }
      remaining -= 1
    }
    return whole
  }

  private static func begins(_ text: UnsafeRawBufferPointer) -> Bool {
    var rest = text[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "T")) {
      rest = rest[start...]
      if rest.starts(with: head) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
