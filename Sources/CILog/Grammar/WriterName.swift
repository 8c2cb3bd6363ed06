internal import Bytes

/// The name or the number of a process in what stands before its lines: `web-1  | `, `[gw0] `,
/// `app[web.1]: `, `(f pid=12) `, `runner - ERROR - `, `[4131] `.
enum WriterName {
  private static let longest = 160

  /// The words that may be a name; nil if there are none. Stamps and levels are left out, because they
  /// may differ in each line.
  static func find(in prefix: some Collection<UInt8>) -> [UInt8]? {
    guard (2...longest).contains(prefix.count) else { return nil }
    let bytes = Array(prefix)
    // A torn line begins with a part of another one: a program's text, which is indented, or a path.
    let isTorn = bytes.starts(with: "  ".utf8) || bytes.contains { $0 == 0x22 || $0 == 0x27 }
    guard let mark = bytes.trimmedSlice.last, "|])}>:-".utf8.contains(mark) || bytes.last == 0x09,
      mark == UInt8(ascii: ":") || bytes.last == 0x20 || bytes.last == 0x09, !isTorn
    else { return nil }
    var result: [UInt8] = []
    for word in bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }) where isName(word) {
      if !result.isEmpty { result.append(0x20) }
      result += withoutLine(word)
    }
    return result.isEmpty ? nil : result
  }

  private static func isName(_ word: ArraySlice<UInt8>) -> Bool {
    let text = word.drop { !isLetter($0) && $0.decimalDigit == nil }
    let letters = text.count(where: isLetter)
    if letters == 0 { return isNumber(word) }
    guard text.prefix(2).count == 2 else { return false }
    // `[10:00:00]W:`
    let isClock = zip(word, word.dropFirst().dropFirst()).enumerated().contains { index, pair in
      pair.0.decimalDigit != nil && pair.1.decimalDigit != nil
        && word[word.startIndex + index + 1] == 0x3A
    }
    if isClock { return false }
    if text.first?.decimalDigit != nil {
      // `8s]`, `1m02s`, `2026-01-02T03Z`
      let isTime = text.allSatisfy { !isLetter($0) || "TZsmhun".utf8.contains($0) }
      if isTime { return false }
    }
    let level = String(decoding: text.prefix(while: isLetter), as: UTF8.self).lowercased()
    return letters < level.utf8.count || !levels.contains(level)
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

  private static let levels: Set<String> = [
    "trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal", "severe",
  ]
}
