internal import Bytes

/// What shows that a traceback is only shown: by `grep`, in a patch, as the text of a program.
struct Quotations: Sendable {
  /// How many heads and messages were only shown.
  private(set) var count = 0
  private var lastLine = -1000
  /// The quote of the long string in a program's text that the lines belong to.
  private var string: UInt8?
  /// The distance between the numbers of a listing's lines and ours, by the last line that had one.
  private var listing: Int?

  /// How far behind its head a quoted traceback's message may be, in lines.
  private static let reach = 24

  /// Whether a head is only shown.
  ///
  /// - Parameter quote: That of a long string which begins in the line before.
  mutating func hasHead(
    behind prefix: Slice<UnsafeRawBufferPointer>, line: Int, openString quote: UInt8?
  ) -> Bool {
    let isInString = prefix.suffix(3).elementsEqual("'''".utf8)
    let quote = quote ?? (isInString ? UInt8(ascii: "'") : nil)
    let before = LinePrefix(prefix)
    string = quote
    guard before.isQuotation || quote != nil || isListed(before, line) else { return false }
    lastLine = line
    count += 1
    return true
  }

  mutating func hasFrame(behind prefix: Slice<UnsafeRawBufferPointer>, line: Int) -> Bool {
    let before = LinePrefix(prefix)
    guard before.isQuotation || isListed(before, line) else { return false }
    lastLine = line
    return true
  }

  mutating func hasMessage(behind prefix: Slice<UnsafeRawBufferPointer>, line: Int) -> Bool {
    isListed(LinePrefix(prefix), line)
  }

  /// Whether a quoted head or frame is near.
  func isNear(_ line: Int) -> Bool { line - lastLine <= Self.reach }

  mutating func add() { count += 1 }

  /// Whether a line belongs to a long string.
  mutating func hasString(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let quote = string else { return false }
    if OpenString.ends(with: quote, in: line) { string = nil }
    return true
  }

  /// Whether a prefix is the number of a line in a listing: it grows as our lines do.
  private mutating func isListed(_ prefix: LinePrefix, _ line: Int) -> Bool {
    guard let value = prefix.trimmedForText.number else {
      listing = nil
      return false
    }
    let distance = value - line
    defer { listing = distance }
    return listing == distance
  }
}
