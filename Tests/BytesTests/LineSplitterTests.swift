import Bytes
import Testing

struct LineSplitterTests {
  private func lines(
    _ text: String, pieces: Int, longestLine: Int = 100, padding: Int = 0
  ) -> (lines: [String?], isEmpty: Bool, isTooLong: Bool) {
    var splitter = LineSplitter(longestLine: longestLine, padding: padding)
    var lines: [String?] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      rest.prefix(pieces).withUnsafeBytes { piece in
        splitter.lines(in: piece) { lines.append($0.map { String(decoding: $0, as: UTF8.self) }) }
      }
      rest = rest.dropFirst(pieces)
    }
    return (lines, splitter.isEmpty, splitter.isTooLong)
  }

  @Test(arguments: [1, 2, 3, 7, 100], [0, 64])
  func `lines are the same in any pieces`(pieces: Int, padding: Int) {
    let read = lines("a\n\nbcd\nef", pieces: pieces, padding: padding)
    #expect(read.lines == ["a", "", "bcd"])
    #expect(!read.isEmpty)
    #expect(lines("a\n", pieces: pieces, padding: padding).isEmpty)
  }

  @Test(arguments: [1, 2, 3, 7, 100])
  func `a line that is too long is dropped up to its end`(pieces: Int) {
    let read = lines("abc\nabcd\nab\n", pieces: pieces, longestLine: 3)
    #expect(read.lines == ["abc", nil, "ab"])
    #expect(read.isEmpty)
    #expect(lines("ab\nabcdefgh", pieces: pieces, longestLine: 3).isTooLong)
  }

  /// Whatever is behind the piece, as many bytes as were asked for can be read behind each line.
  @Test(arguments: [1, 3, 20])
  func `bytes behind a line can be read`(pieces: Int) {
    var splitter = LineSplitter(longestLine: 100, padding: 8)
    let text = Array("ab\ncdef\n0123456789\n".utf8)
    var count = 0
    var start = 0
    while start < text.count {
      // A buffer of its own, so that the address sanitizer sees what is read behind its end.
      let piece = Array(text[start..<min(start + pieces, text.count)])
      piece.withUnsafeBytes { bytes in
        splitter.lines(in: bytes) { line in
          guard let line, let base = line.baseAddress else { return }
          let padding = UnsafeRawBufferPointer(start: base + line.count, count: 8)
          if base < bytes.baseAddress.unsafelyUnwrapped
            || base >= bytes.baseAddress.unsafelyUnwrapped + bytes.count
          {
            #expect(padding.allSatisfy { $0 == 0 })
          } else {
            #expect(base + line.count + 8 <= bytes.baseAddress.unsafelyUnwrapped + bytes.count)
          }
          count += 1
        }
      }
      start += pieces
    }
    #expect(count == 3)
  }
}
