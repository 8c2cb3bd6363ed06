internal import Bytes

/// A line with a pattern and its owners.
struct OwnersLine {
  /// With its backslashes.
  var pattern: ArraySlice<UInt8>
  var owners: [String]

  /// Returns nil for an empty line, a comment, and one that isn't understood: a pattern that
  /// excludes (`!`), and one with other words for owners.
  init?(_ line: ArraySlice<UInt8>) {
    var rest = line.drop(while: Self.isSpace)
    guard let first = rest.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "!") else {
      return nil
    }
    let end = Self.end(ofPattern: rest)
    pattern = rest[..<end]
    rest = rest[end...]
    guard let owners = Self.owners(rest) else { return nil }
    self.owners = owners
  }

  /// Returns the owners up to a comment: names with an `@`; nil if all that is there isn't one.
  static func owners(_ text: ArraySlice<UInt8>) -> [String]? {
    let words = text.split(whereSeparator: isSpace).prefix { $0.first != UInt8(ascii: "#") }
    let owners = words.filter { $0.contains(UInt8(ascii: "@")) && $0.count > 1 }
    if owners.isEmpty, !words.isEmpty { return nil }
    return owners.map { String(exactly: $0) }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// A pattern ends before white space that no backslash precedes.
  private static func end(ofPattern text: ArraySlice<UInt8>) -> Int {
    var isEscaped = false
    for index in text.indices {
      if !isEscaped, isSpace(text[index]) { return index }
      isEscaped = !isEscaped && text[index] == UInt8(ascii: "\\")
    }
    return text.endIndex
  }
}
