internal import Bytes

/// The parts of a log that show differences between files: what stands there was not printed by the
/// job's programs.
struct DiffHunks: Sendable {
  private enum Kind: Hashable {
    /// `@@ -1,7 +1,9 @@`, then so many lines of either file.
    case unified(old: Int, new: Int)
    /// `12a13,40`, then lines that begin with `>` or `<`.
    case normal
  }

  private var kind: Kind?
  private var prefix = LinePrefix()

  private static let longest = 1_000_000

  var isActive: Bool { kind != nil }

  /// Whether a line belongs to a difference.
  mutating func read(_ line: UnsafeRawBufferPointer, _ markers: Markers) -> Bool {
    if markers.has(.hunk), begin(line) { return true }
    switch kind {
    case nil: return beginNormal(line)
    case .normal:
      let start = prefix.end(in: line) ?? 0
      let first = start < line.count ? line[start] : 0
      if first == UInt8(ascii: ">") || first == UInt8(ascii: "<") || first == UInt8(ascii: "-") {
        return true
      }
      kind = nil
      return beginNormal(line)
    case .unified(let old, let new): return readUnified(line, old, new)
    }
  }

  private mutating func readUnified(
    _ line: UnsafeRawBufferPointer, _ old: Int, _ new: Int
  ) -> Bool {
    let start = prefix.end(in: line) ?? line.count
    // An empty line of both files may have lost its space.
    let first = start < line.count ? line[start] : UInt8(ascii: " ")
    switch first {
    case UInt8(ascii: "+"): kind = .unified(old: old, new: new - 1)
    case UInt8(ascii: "-"): kind = .unified(old: old - 1, new: new)
    case UInt8(ascii: " "): kind = .unified(old: old - 1, new: new - 1)
    case UInt8(ascii: "\\"): break
    default:
      kind = nil
      return false
    }
    if case .unified(let old, let new) = kind, old <= 0, new <= 0 { kind = nil }
    return true
  }

  private mutating func begin(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let range = line.range(of: "@@ -") else { return false }
    var scanner = ByteScanner(UnsafeRawBufferPointer(rebasing: line[range.upperBound...]))
    guard let old = Self.count(&scanner), scanner.skip(" +"), let new = Self.count(&scanner),
      scanner.skip(" @@")
    else { return false }
    prefix = LinePrefix(line[..<range.lowerBound])
    kind = .unified(old: old, new: new)
    return true
  }

  /// The number of lines in `12,7`, or in `12` alone, which is one.
  private static func count(_ scanner: inout ByteScanner) -> Int? {
    guard scanner.decimal() != nil else { return nil }
    guard scanner.skip(",") else { return 1 }
    guard let count = scanner.decimal(), count < longest else { return nil }
    return Int(count)
  }

  private mutating func beginNormal(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let start = Self.normalHead(line) else { return false }
    kind = .normal
    prefix = LinePrefix(line[..<start])
    return true
  }

  /// Where `12a13,40`, `7c7` or `3,5d2` begins in a line that has nothing else but a stamp.
  private static func normalHead(_ line: UnsafeRawBufferPointer) -> Int? {
    guard line.count < 80, line.count > 2, line[line.count - 1].decimalDigit != nil else {
      return nil
    }
    var start = 0
    if line.count > 22, line[4] == UInt8(ascii: "-"),
      let end = line.firstIndex(of: UInt8(ascii: " "))
    {
      start = end + 1
    }
    guard start < line.count, line[start].decimalDigit != nil else { return nil }
    var letters = 0
    for byte in line[start...] {
      switch byte {
      case UInt8(ascii: "a"), UInt8(ascii: "c"), UInt8(ascii: "d"): letters += 1
      case UInt8(ascii: ","): break
      default: if byte.decimalDigit == nil { return nil }
      }
    }
    return letters == 1 ? start : nil
  }
}
