internal import Bytes

/// Lines of programs' texts in which a long string begins.
enum OpenString {
  /// The quote of a string that begins at a line's end: `x = """`, `write('''`, but not three quotes alone, which is how remote
  /// tracebacks begin (Lib/multiprocessing/pool.py, `RemoteTraceback`).
  static func quote(endOf line: UnsafeRawBufferPointer) -> UInt8? {
    var end = line.count
    while end > 0, line[end - 1] == 0x20 || line[end - 1] == UInt8(ascii: "\\") { end -= 1 }
    guard end > 4 else { return nil }
    let quote = line[end - 1]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), line[end - 2] == quote,
      line[end - 3] == quote
    else { return nil }
    var before = end - 4
    // A string's own mark: r, f, b.
    if before > 0, "rfbRFB".utf8.contains(line[before]) { before -= 1 }
    while before > 0, line[before] == 0x20 { before -= 1 }
    return "=(,:+[".utf8.contains(line[before]) ? quote : nil
  }

  /// Whether three such quotes stand in a line.
  static func ends(with quote: UInt8, in line: UnsafeRawBufferPointer) -> Bool {
    quote == UInt8(ascii: "'") ? line.contains("'''") : line.contains("\"\"\"")
  }
}
