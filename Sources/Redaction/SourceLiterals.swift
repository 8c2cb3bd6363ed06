/// The literals of a line of a program that stand beside a secret's name, and the secrets of its
/// comment.
///
/// Where a secret's name is on the line, every text in quotes on it may be the secret, but for those
/// that are such a name themselves; and so may a number that is assigned to the name.
struct SourceLiterals {
  private(set) var secrets: [Range<Int>] = []

  init(_ bytes: [UInt8]) {
    guard SecretNames.mayOccur(in: bytes) else { return }
    var literals: [Range<Int>] = []
    var index = 0
    var hasName = false
    while index < bytes.count {
      if let text = Self.text(bytes, at: index) {
        // What is assigned is no name, and a second name may be the first one's value.
        if !hasName, !Self.isAssigned(bytes, at: index), Self.isName(bytes[text.inside]) {
          hasName = true
        } else {
          literals.append(text.inside)
          hasName = hasName || Self.hasName(in: bytes[text.inside])
        }
        index = max(text.end, index + 1)
      } else if bytes[index] == UInt8(ascii: "#") {
        let comment = Array(bytes[index...])
        hasName = hasName || Self.hasName(in: bytes[index...])
        secrets += NamedValues(comment).ranges.map {
          ($0.lowerBound + index)..<($0.upperBound + index)
        }
        break
      } else if TokenFinder.isToken(bytes[index]) {
        let start = index
        while index < bytes.count, TokenFinder.isToken(bytes[index]) { index += 1 }
        guard Self.isName(bytes[start..<index]) else {
          if Self.isLongNumber(bytes[start..<index]) { literals.append(start..<index) }
          continue
        }
        hasName = true
        if let number = Self.number(bytes, assignedAt: index) { literals.append(number) }
      } else {
        index += 1
      }
    }
    if hasName { secrets += literals.filter { !$0.isEmpty } }
  }

  /// A text in quotes; the letters in front of it are no name.
  private static func text(_ bytes: [UInt8], at index: Int) -> QuotedText? {
    if index > 0, TokenFinder.isToken(bytes[index - 1]), bytes[index] != 0x22, bytes[index] != 0x27
    {
      return nil
    }
    return QuotedText(bytes, at: index)
  }

  private static func isAssigned(_ bytes: [UInt8], at index: Int) -> Bool {
    guard let last = bytes[..<index].last(where: { $0 != 0x20 }) else { return false }
    return last == UInt8(ascii: "=") || last == UInt8(ascii: ":")
  }

  private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.count <= 64 && bytes.allSatisfy(TokenFinder.isToken)
      && SecretNames.contains(String(decoding: bytes, as: UTF8.self))
  }

  /// Whether a word of a text is a secret's name.
  private static func hasName(in bytes: ArraySlice<UInt8>) -> Bool {
    bytes.split { !TokenFinder.isToken($0) }.contains(where: isName)
  }

  /// Whether a word is a number too long to be a count or a port: `12345678`, `0xc0ffee`.
  private static func isLongNumber(_ word: ArraySlice<UInt8>) -> Bool {
    word.count >= 6 && word.first.map { (0x30...0x39).contains($0) } == true
  }

  private static func number(_ bytes: [UInt8], assignedAt end: Int) -> Range<Int>? {
    func skipped(_ start: Int) -> Int { bytes[start...].firstIndex { $0 != 0x20 } ?? bytes.count }
    let sign = skipped(end)
    guard sign < bytes.count, bytes[sign] == UInt8(ascii: "=") else { return nil }
    let start = skipped(sign + 1)
    let digits = bytes[start...].prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    return digits.count >= 4 ? start..<digits.endIndex : nil
  }
}
