internal import Glibc

/// Parts pieces of input into lines, and keeps the one that goes on in the next piece.
struct LineRest {
  private var bytes: [UInt8] = []
  /// Whether the rest has outgrown what a line may have; it is dropped up to its end.
  private(set) var isTooLong = false

  var isEmpty: Bool { bytes.isEmpty && !isTooLong }

  /// Calls `body` with each whole line, without its end and with padding behind it; with nil for one
  /// that is too long.
  mutating func lines(
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
      let (line, wasTooLong) = (bytes, isTooLong)
      bytes = []
      isTooLong = false
      if wasTooLong { body(nil) } else { Self.padded(line, body) }
    }
    while let end = Self.end(in: piece, from: start) {
      let line = UnsafeRawBufferPointer(rebasing: piece[start..<end])
      start = end + 1
      if line.count > RecordingReader.longestLine {
        body(nil)
      } else if piece.count - end >= JSONParser.padding {
        body(line)
      } else {
        Self.padded(Array(line), body)
      }
    }
    keep(piece[start...])
  }

  private mutating func keep(_ part: Slice<UnsafeRawBufferPointer>) {
    if isTooLong || bytes.count + part.count > RecordingReader.longestLine {
      isTooLong = true
      bytes = []
      return
    }
    bytes.append(contentsOf: part)
  }

  private static func padded(
    _ line: [UInt8], _ body: (UnsafeRawBufferPointer?) -> Void
  ) {
    let padded = line + [UInt8](repeating: 0, count: JSONParser.padding)
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
