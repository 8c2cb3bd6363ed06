/// A text in quotes, as Python and shells write it: `"a"`, `'a'`, `b'a'`, `"""a"""`.
struct QuotedText {
  /// The bytes between the quotes, up to the end of all bytes if nothing closes them.
  let inside: Range<Int>
  /// The index behind the closing quotes.
  let end: Int

  /// nil if no such text begins at `index`.
  init?(_ bytes: [UInt8], at index: Int) {
    var start = index
    // Letters in front, as of Python's bytes and raw texts.
    while start < bytes.count, start - index < 2, "bBfFrRuUtT".utf8.contains(bytes[start]) {
      start += 1
    }
    guard start < bytes.count, bytes[start] == 0x22 || bytes[start] == 0x27 else { return nil }
    let quote = bytes[start]
    let isTriple = bytes[start...].starts(with: [quote, quote, quote])
    let count = isTriple ? 3 : 1
    let first = start + count
    var next = first
    while next < bytes.count {
      if bytes[next] == UInt8(ascii: "\\") {
        next += 2
      } else if bytes[next] == quote,
        !isTriple || bytes[next...].starts(with: [quote, quote, quote])
      {
        inside = first..<next
        end = next + count
        return
      } else {
        next += 1
      }
    }
    inside = first..<max(first, bytes.count)
    end = bytes.count
  }
}
