internal import Glibc

/// Splits input into lines and keeps an incomplete last line for the next piece.
package struct LineSplitter: Sendable {
  private let longestLine: Int
  private let padding: Int
  /// The beginning of a line whose end has not come.
  private var beginning: [UInt8] = []
  /// Whether the incomplete line is longer than a line may be. It is dropped up to its end.
  package private(set) var isTooLong = false

  /// - Parameters:
  ///   - longestLine: In bytes; a longer line isn't kept.
  ///   - padding: How many bytes must be readable behind each line.
  package init(longestLine: Int, padding: Int = 0) {
    self.longestLine = longestLine
    self.padding = padding
  }

  /// Whether the input ends with a line's end.
  package var isEmpty: Bool { beginning.isEmpty && !isTooLong }

  /// Calls `body` with each complete line, without its end, which is valid during the call; with nil
  /// for a line that is too long.
  package mutating func lines(
    in piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?) -> Void
  ) {
    var start = 0
    if !isEmpty {
      guard let end = Self.end(in: piece, from: 0) else {
        keep(piece[...])
        return
      }
      keep(piece[..<end])
      start = end + 1
      let (line, wasTooLong) = (beginning, isTooLong)
      beginning = []
      isTooLong = false
      if wasTooLong { body(nil) } else { padded(line, body) }
    }
    while let end = Self.end(in: piece, from: start) {
      let line = UnsafeRawBufferPointer(rebasing: piece[start..<end])
      start = end + 1
      if line.count > longestLine {
        body(nil)
      } else if piece.count - end >= padding {
        body(line)
      } else {
        padded(Array(line), body)
      }
    }
    keep(piece[start...])
  }

  private mutating func keep(_ part: Slice<UnsafeRawBufferPointer>) {
    if isTooLong || beginning.count + part.count > longestLine {
      isTooLong = true
      beginning = []
      return
    }
    beginning.append(contentsOf: part)
  }

  private func padded(_ line: [UInt8], _ body: (UnsafeRawBufferPointer?) -> Void) {
    let padded = line + [UInt8](repeating: 0, count: padding)
    padded.withUnsafeBytes { buffer in
      body(UnsafeRawBufferPointer(rebasing: buffer[..<line.count]))
    }
  }

  private static func end(in piece: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < piece.count, let base = piece.baseAddress,
      let found = memchr(base + start, 0x0A, piece.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
