internal import Bytes
internal import TraceModel

/// A frame as one line shows it, in any of the grammars of tracebacks.
struct FrameLine: Sendable {
  var frame: PythonFrame
  /// Where the grammar begins in the line: what is before is a prefix.
  var start: Int
  /// Where it ends.
  var end: Int
  /// faulthandler's: `File "P", line N in F`, innermost first.
  var isInnermostFirst = false
  /// pytest's: `P:N: in F`, or `P:N: ` alone.
  var isPytest = false
  /// Whether the line names the function.
  var hasOwnName = true

  /// The longest path, in bytes (PATH_MAX, limits.h), and the longest function's name.
  static let longestPath = 4096
  private static let longestName = 512

  // MARK: File "P", line N, in F

  /// Finds the next frame from an index on.
  ///
  /// Returns nil if there isn't one. `open` is the index behind the quote of a path that goes on in
  /// the next line.
  static func find(
    in line: UnsafeRawBufferPointer, from: Int, open: inout Int?
  ) -> FrameLine? {
    var index = from
    while let start = position(of: "File \"", in: line, from: index) {
      let path = start + 6
      guard let quote = line[path...].prefix(longestPath).firstIndex(of: UInt8(ascii: "\"")) else {
        if line.count - path <= longestPath { open = path }
        return nil
      }
      // What has a name instead of a path has it in brackets: `<string>`. With one of them alone, two
      // lines have been torn into each other.
      let isWhole =
        quote > path && (line[path] == UInt8(ascii: "<")) == (line[quote - 1] == UInt8(ascii: ">"))
      if isWhole, let found = rest(line, start, path..<quote) { return found }
      index = path
    }
    return nil
  }

  /// Reads what follows a path: `", line N, in F`.
  private static func rest(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ path: Range<Int>
  ) -> FrameLine? {
    var scanner = ByteScanner(UnsafeRawBufferPointer(rebasing: line[(path.upperBound + 1)...]))
    guard scanner.skip(", line "), let number = line32(&scanner) else { return nil }
    var end = line.count - scanner.bytes.count
    var function = "<module>"
    var isInnermostFirst = false
    if scanner.starts(with: ", in ") || scanner.starts(with: " in ") {
      isInnermostFirst = scanner.starts(with: " in ")
      scanner.skip(count: isInnermostFirst ? 4 : 5)
      let name = name(scanner.bytes)
      guard !name.isEmpty else { return nil }
      end = line.count - scanner.bytes.count + name.count
      function = String(decoding: name, as: UTF8.self)
    } else {
      // A SyntaxError's own line: no frame.
      return nil
    }
    return FrameLine(
      frame: PythonFrame(path: text(line, path), line: number, function: function),
      start: start, end: end, isInnermostFirst: isInnermostFirst)
  }

  private static func line32(_ scanner: inout ByteScanner) -> Int? {
    guard let number = scanner.decimal(), number > 0, number < 100_000_000 else { return nil }
    return Int(number)
  }

  /// A function's name at the beginning: `f`, `<module>`, `C.f`, `f.<locals>.<lambda>`.
  static func name(_ bytes: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
    bytes.prefix(longestName).prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "<"), UInt8(ascii: ">"), 0x80...0xFF:
        true
      default: false
      }
    }
  }

  private static func text(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
    unrepresented(String(decoding: UnsafeRawBufferPointer(rebasing: line[range]), as: UTF8.self))
  }

  /// A path as it was before Python's `repr` doubled its backslashes.
  static func unrepresented(_ path: String) -> String {
    guard path.utf8.contains(UInt8(ascii: "\\")), path.contains("\\\\") else { return path }
    let parts = path.split(separator: "\\\\", omittingEmptySubsequences: false)
    return parts.contains { $0.contains("\\") } ? path : parts.joined(separator: "\\")
  }

  static func position(
    of text: StaticString, in line: UnsafeRawBufferPointer, from index: Int
  ) -> Int? {
    guard index < line.count else { return nil }
    return UnsafeRawBufferPointer(rebasing: line[index...]).range(of: text)
      .map { $0.lowerBound + index }
  }

  // MARK: P:N: in F

  /// Reads a frame of pytest's short form, `PATH:97: in f`, or the place below a function's text,
  /// `PATH:97: ` and `PATH:97: Error`, for which `function` names the function.
  static func pytest(_ line: UnsafeRawBufferPointer, function: String?) -> FrameLine? {
    let mark = position(of: ": in ", in: line, from: 0)
    guard let colon = mark ?? endOfPlace(line) else { return nil }
    var digits = colon
    while digits > 0, line[digits - 1].decimalDigit != nil { digits -= 1 }
    guard digits < colon, colon - digits < 9, digits > 1, line[digits - 1] == UInt8(ascii: ":")
    else { return nil }
    var start = digits - 1
    while start > 0, isOfPath(line[start - 1]) { start -= 1 }
    // A drive's letter and its colon.
    if start > 1, line[start - 1] == UInt8(ascii: ":"), line[start] == UInt8(ascii: "\\") {
      start -= 2
    }
    guard start < digits - 1,
      let number = Int(
        String(
          decoding: UnsafeRawBufferPointer(rebasing: line[digits..<colon]), as: UTF8.self)),
      number > 0
    else { return nil }
    var name = function
    var end = colon + 1
    if mark != nil {
      let found = Self.name(UnsafeRawBufferPointer(rebasing: line[(colon + 5)...]))
      guard !found.isEmpty else { return nil }
      name = String(decoding: found, as: UTF8.self)
      end = colon + 5 + found.count
    }
    let path = text(line, start..<(digits - 1))
    guard let name, path.hasSuffix(".py") || mark != nil && path.contains(".") else { return nil }
    return FrameLine(
      frame: PythonFrame(path: path, line: number, function: name), start: start, end: end,
      isPytest: true, hasOwnName: mark != nil)
  }

  /// The index of the colon behind a line's number: `PATH:97: ` or `PATH:97: SomeError` at the end.
  private static func endOfPlace(_ line: UnsafeRawBufferPointer) -> Int? {
    guard let place = position(of: ".py:", in: line, from: 0) else { return nil }
    var index = place + 4
    while index < line.count, line[index].decimalDigit != nil { index += 1 }
    guard index > place + 4, index < line.count, line[index] == UInt8(ascii: ":") else {
      return nil
    }
    return line[(index + 1)...].allSatisfy { $0 == 0x20 || $0 > 0x40 && $0 < 0x7B } ? index : nil
  }

  /// Whether a byte may be part of a path without spaces.
  private static func isOfPath(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00...0x20, UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("),
      UInt8(ascii: "["), UInt8(ascii: ","), UInt8(ascii: "|"), 0x7F:
      false
    default: true
    }
  }
}
