internal import Bytes

/// The name or the number of a process in what stands before its lines: `web-1  | `, `[gw0] `,
/// `app[web.1]: `, `(f pid=12) `, `runner - ERROR - `, `[4131] `.
enum WriterName {
  private static let longest = 160

  /// The words that may be a name; nil if there are none. Stamps and levels are left out, because they
  /// may differ in each line.
  static func find<Prefix: BidirectionalCollection>(in prefix: Prefix) -> [UInt8]?
  where Prefix.Element == UInt8, Prefix.Index == Int, Prefix.SubSequence: Collection {
    guard (2...longest).contains(prefix.count), let last = prefix.last,
      last == 0x20 || last == 0x09 || last == UInt8(ascii: ":"),
      let mark = prefix.last(where: { $0 != 0x20 && $0 != 0x09 }),
      last == 0x09 || "|])}>:-".utf8.contains(mark)
    else { return nil }
    // A torn line begins with a part of another one: a program's text, which is indented, or a path.
    guard !prefix.starts(with: "  ".utf8), !prefix.contains(where: { $0 == 0x22 || $0 == 0x27 })
    else { return nil }
    var result: [UInt8] = []
    let bytes = Array(prefix)[...]
    var start = 0
    for index in 0...bytes.count where index == bytes.count || bytes[index] <= 0x20 {
      let word = bytes[start..<index]
      start = index + 1
      guard !word.isEmpty, isName(word) else { continue }
      if !result.isEmpty { result.append(0x20) }
      result += withoutLine(word)
    }
    return result.isEmpty ? nil : result
  }

  private static func isName(_ word: ArraySlice<UInt8>) -> Bool {
    let text = word.drop { !isLetter($0) && $0.decimalDigit == nil }
    guard let first = text.first, text.count > 1 else { return false }
    guard text.contains(where: isLetter) else { return isNumber(word) }
    if hasClock(text) { return false }
    if first.decimalDigit != nil {
      // `8s]`, `1m02s`, `2026-01-02T03Z`
      return !text.allSatisfy { !isLetter($0) || "TZsmhun".utf8.contains($0) }
    }
    return !isLevel(text)
  }

  /// Whether a clock is part of a word: `[10:00:00]W:`.
  private static func hasClock(_ word: ArraySlice<UInt8>) -> Bool {
    word.indices.dropFirst().dropLast().contains { index in
      word[index] == 0x3A && word[index - 1].decimalDigit != nil
        && word[index + 1].decimalDigit != nil
    }
  }

  /// Whether a word is a logger's level: `ERROR`, `[INFO]`, `warning:`.
  private static func isLevel(_ word: ArraySlice<UInt8>) -> Bool {
    let name = word.prefix(while: isLetter)
    guard (4...8).contains(name.count), !word[name.endIndex...].contains(where: isLetter) else {
      return false
    }
    return levels.contains { $0.utf8.elementsEqual(name.lazy.map { $0 | 0x20 }) }
  }

  /// Whether a word may be a process's number: `[4131]`.
  private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
    let digits = word.drop { $0 == 0x5B || $0 == 0x28 }.prefix { $0.decimalDigit != nil }
    let end = word[digits.endIndex...]
    return (2...7).contains(digits.count) && digits.startIndex > word.startIndex
      && (end.elementsEqual("]".utf8) || end.elementsEqual(")".utf8)
        || end.elementsEqual("]:".utf8))
  }

  /// A word without the number of a line of the logger's program: `[runner.py:88]`.
  private static func withoutLine(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let colon = word.lastIndex(of: 0x3A), word[(colon + 1)...].first?.decimalDigit != nil,
      !word[(colon + 1)...].contains(where: isLetter)
    else { return word }
    return word[..<colon]
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x80
  }

  private static let levels = [
    "trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal", "severe",
  ]
}
