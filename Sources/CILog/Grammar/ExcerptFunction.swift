internal import Bytes

/// The function in a test runner's excerpt. The frame below the excerpt, `PATH:97: `, has no name.
struct ExcerptFunction: Sendable {
  private(set) var name: String?
  /// Where `def` stands in its line.
  private var column = 0
  /// Whether the excerpt's first `def` is still to come.
  private var isOpen = true

  private static let longest = 200

  /// Reads a line above or between excerpts: `____ test ____`, `_ _ _ _`.
  mutating func readRule() { isOpen = true }

  /// Reads a line that may have `def NAME(` in it. A function within the excerpt's own stands further
  /// to the right.
  mutating func read(_ line: UnsafeRawBufferPointer) {
    guard let range = line.range(of: "def ") else { return }
    let start = range.lowerBound
    guard start == 0 || line[start - 1] <= 0x20, isOpen || start <= column else { return }
    let rest = UnsafeRawBufferPointer(rebasing: line[range.upperBound...])
    let found = FrameLine.name(rest)
    guard !found.isEmpty, found.count < Self.longest, found.count < rest.count,
      rest[found.count] == UInt8(ascii: "(") || rest[found.count] == UInt8(ascii: "[")
    else { return }
    name = String(decoding: found, as: UTF8.self)
    column = start
    isOpen = false
  }

  /// Ends the excerpt: its frame has been read.
  mutating func finish() { isOpen = true }
}
