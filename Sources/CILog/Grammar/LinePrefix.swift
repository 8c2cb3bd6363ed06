internal import Bytes

/// What stands before a traceback's text in each of its lines: stamps, names of services, marks of
/// test runners, nested in any way. It isn't known beforehand: the first line with a known beginning
/// shows it, and the next lines have the same but for their numbers.
struct LinePrefix: Hashable, Sendable {
  private(set) var bytes: [UInt8] = []

  init() {}

  init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// Where the text begins behind the same prefix; nil if the line begins otherwise. Runs of digits
  /// may differ, and so may runs of spaces behind a number.
  func end(in line: UnsafeRawBufferPointer) -> Int? {
    var (own, other) = (0, 0)
    while own < bytes.count {
      let byte = bytes[own]
      guard other < line.count else {
        // Spaces at a line's end are often cut.
        return bytes[own...].allSatisfy { $0 == 0x20 } ? line.count : nil
      }
      if byte.decimalDigit != nil {
        guard line[other].decimalDigit != nil || line[other] == 0x20 else { return nil }
        // A right-aligned number: `[    8s]`.
        while own < bytes.count, bytes[own].decimalDigit != nil { own += 1 }
        while other < line.count, line[other] == 0x20 { other += 1 }
        let start = other
        while other < line.count, line[other].decimalDigit != nil { other += 1 }
        if other == start { return nil }
      } else if byte == 0x20, own + 1 < bytes.count, Self.isAligned(bytes, own) {
        while own < bytes.count, bytes[own] == 0x20 { own += 1 }
        while other < line.count, line[other] == 0x20 { other += 1 }
      } else if byte == line[other] {
        own += 1
        other += 1
      } else {
        return nil
      }
    }
    return other
  }

  /// Whether spaces fill up to a number.
  private static func isAligned(_ bytes: [UInt8], _ index: Int) -> Bool {
    var index = index
    while index < bytes.count, bytes[index] == 0x20 { index += 1 }
    return index < bytes.count && bytes[index].decimalDigit != nil
  }

  /// Whether a prefix marks its text as one that is only shown: a patch, `grep -n`, a string.
  var isQuotation: Bool {
    let text = bytes[...].trimmed
    guard let last = text.last else { return false }
    switch last {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "<"):
      return Self.endsAsFoundLine(text) || isMarkOfPatch(behind: text.dropLast())
    case UInt8(ascii: "\""), UInt8(ascii: "`"):
      return true
    case UInt8(ascii: ":"): return Self.endsAsFoundLine(text)
    case UInt8(ascii: ")"): return Self.endsAsBlame(text)
    default: return false
    }
  }

  /// Whether the mark at the end is a patch's: it stands alone, as in `+` and `12 +`, but not in
  /// `--` or `job-`. Behind words it is a logger's separator (`name - ERROR - `), unless the text
  /// follows at once.
  private func isMarkOfPatch(behind text: ArraySlice<UInt8>) -> Bool {
    guard let before = text.last else { return true }
    guard before == 0x20 || before == 0x09 else { return false }
    // A frame has two spaces of its own.
    let isFollowed = bytes.reversed().prefix { $0 == 0x20 }.count % 2 == 0
    return isFollowed || text.split { $0 == 0x20 || $0 == 0x09 }.allSatisfy { !Self.isWord($0) }
  }

  /// Whether a word of a prefix is more than a mark, a line's number or a CI host's stamp.
  private static func isWord(_ word: ArraySlice<UInt8>) -> Bool {
    let letters = word.count { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
    let digits = word.count { $0.decimalDigit != nil }
    // RFC 3339 in UTC; `logging` writes `10:00:00,123`.
    if digits >= 14, letters <= 2, word.contains(UInt8(ascii: "Z")) { return false }
    if letters == 0 { return word.contains { $0 == 0x2C || $0 == 0x3A } && digits >= 4 }
    return !(word.count == 1 && digits == 0)
  }

  /// The prefix without the spaces that belong to a traceback's own lines.
  var trimmedForText: LinePrefix {
    var bytes = bytes
    while bytes.last == 0x20 { bytes.removeLast() }
    return LinePrefix(bytes)
  }

  /// The number in a prefix that is only that, as `grep -n` and `cat -n` number lines: `12:`, `12-`,
  /// `   12` and a tab.
  var number: Int? {
    guard let mark = bytes.last, mark == 0x09 || mark == 0x3A || mark == 0x2D else { return nil }
    let digits = bytes.dropLast().drop { $0 == 0x20 }
    guard (1...7).contains(digits.count), digits.allSatisfy({ $0.decimalDigit != nil }) else {
      return nil
    }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Whether a text ends as `git blame` marks a line: `2f1e0b93 (Jo 2021-01-02 10:00:00 +0100  12)`.
  private static func endsAsBlame(_ text: ArraySlice<UInt8>) -> Bool {
    guard let open = text.lastIndex(of: UInt8(ascii: "(")) else { return false }
    let hash = text[..<open].split(separator: 0x20).contains { word in
      (7...40).contains(word.count)
        && word.drop { $0 == 0x5E }.allSatisfy {
          $0.decimalDigit != nil || (0x61...0x66).contains($0)
        }
    }
    // The author, the day, the time, the zone and the line.
    let words = text[(open + 1)...].dropLast().split(separator: 0x20)
    return hash && words.count >= 4
      && words.suffix(2).allSatisfy { word in
        word.drop { $0 == 0x2B || $0 == 0x2D }.allSatisfy { $0.decimalDigit != nil }
      }
  }

  /// Whether a text ends as grep marks a line it has found: `docs/faq.md:12:`, `docs/faq.md-13-`.
  static func endsAsFoundLine(_ text: ArraySlice<UInt8>) -> Bool {
    guard let mark = text.last, mark == UInt8(ascii: ":") || mark == UInt8(ascii: "-") else {
      return false
    }
    var rest = text.dropLast()
    let count = rest.count
    while rest.last?.decimalDigit != nil { rest = rest.dropLast() }
    guard rest.count < count, rest.last == mark else { return false }
    // A file's name has a dot or a slash; a stamp has neither right before.
    let name = rest.dropLast().reversed().prefix { $0 != 0x20 && $0 != 0x09 }
    return name.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
      || name.contains(UInt8(ascii: ".")) && name.contains { $0 > 0x40 }
  }
}

extension [UInt8] {
  /// The bytes without spaces and tabs around them.
  var trimmedSlice: ArraySlice<UInt8> { self[...].trimmed }
}

extension ArraySlice<UInt8> {
  /// The bytes without spaces and tabs around them.
  var trimmed: ArraySlice<UInt8> {
    var rest = drop { $0 == 0x20 || $0 == 0x09 }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest = rest.dropLast() }
    return rest
  }
}
