internal import Glibc

/// Splits a log into lines as it comes, in pieces of any size.
///
/// A line ends with LF, CR LF or a lone CR, which progress bars and GitLab's section marks write.
/// UTF-16, which PowerShell's `>` writes, becomes UTF-8.
struct LogLines: Sendable {
  /// How much of a line is read, in bytes. The rest is left out.
  static let longest = 65_536

  private var kept: [UInt8] = []
  /// How many lines were longer.
  private(set) var tooLong = 0
  private var isTooLong = false
  /// Whether the last piece ended with CR: an LF may belong to it.
  private var endsWithReturn = false
  private var wide: WideText?
  private var hasBegun = false
  private var beginning: [UInt8] = []

  /// Calls `body` with each complete line, without its end.
  mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
    if hasBegun {
      decode(piece, body)
      return
    }
    beginning.append(contentsOf: piece)
    guard beginning.count >= 3 else { return }
    begin(body)
  }

  /// Reads what has no line end as the last line.
  mutating func finish(_ body: (UnsafeRawBufferPointer) -> Void) {
    if !hasBegun { begin(body) }
    if !kept.isEmpty { kept.withUnsafeBytes { body($0) } }
    kept = []
  }

  private mutating func begin(_ body: (UnsafeRawBufferPointer) -> Void) {
    hasBegun = true
    let bytes = beginning
    beginning = []
    if bytes.starts(with: [0xFF, 0xFE]) {
      wide = WideText(isBigEndian: false)
      bytes.withUnsafeBytes { decode(.init(rebasing: $0.dropFirst(2)), body) }
    } else if bytes.starts(with: [0xFE, 0xFF]) {
      wide = WideText(isBigEndian: true)
      bytes.withUnsafeBytes { decode(.init(rebasing: $0.dropFirst(2)), body) }
    } else {
      let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      bytes.withUnsafeBytes { decode(.init(rebasing: $0.dropFirst(mark)), body) }
    }
  }

  private mutating func decode(
    _ piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    guard wide != nil else {
      split(piece, body)
      return
    }
    let narrow = wide?.decoded(piece) ?? []
    narrow.withUnsafeBytes { split($0, body) }
  }

  private mutating func split(
    _ piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    var start = 0
    if endsWithReturn, piece.first == 0x0A { start = 1 }
    if !piece.isEmpty { endsWithReturn = false }
    while let end = Self.end(in: piece, from: start) {
      // Lone CRs in the line: most lines have none.
      var from = start
      while from < end, let stop = Self.find(0x0D, in: piece, from: from, to: end) {
        complete(piece, from, stop, body)
        from = stop + 1
        if from == end { break }
      }
      // Behind CR LF there is nothing left.
      if from < end || from == start { complete(piece, from, end, body) }
      start = end + 1
    }
    var from = start
    while let stop = Self.find(0x0D, in: piece, from: from, to: piece.count) {
      complete(piece, from, stop, body)
      from = stop + 1
      if from == piece.count { endsWithReturn = true }
    }
    keep(piece[from...])
  }

  private mutating func complete(
    _ piece: UnsafeRawBufferPointer, _ start: Int, _ end: Int,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    if kept.isEmpty {
      if end - start > Self.longest { tooLong += 1 }
      body(UnsafeRawBufferPointer(rebasing: piece[start..<min(end, start + Self.longest)]))
      return
    }
    keep(piece[start..<end])
    kept.withUnsafeBytes { body($0) }
    kept.removeAll(keepingCapacity: true)
    isTooLong = false
  }

  private mutating func keep(_ part: Slice<UnsafeRawBufferPointer>) {
    let room = Self.longest - kept.count
    if part.count > room, !isTooLong {
      isTooLong = true
      tooLong += 1
    }
    kept.append(contentsOf: part.prefix(room))
  }

  private static func end(in piece: UnsafeRawBufferPointer, from start: Int) -> Int? {
    find(0x0A, in: piece, from: start, to: piece.count)
  }

  private static func find(
    _ byte: Int32, in piece: UnsafeRawBufferPointer, from start: Int, to end: Int
  ) -> Int? {
    guard start < end, let base = piece.baseAddress,
      let found = memchr(base + start, byte, end - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
