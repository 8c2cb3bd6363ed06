/// Finds the values that follow a secret's name in a text: `TOKEN=abc`, `--password abc`,
/// `"api_key": "abc"`, `('password', 'abc')`, `password=['a', 'b']`, `Authorization: Bearer abc`.
struct NamedValues {
  private let bytes: [UInt8]
  private(set) var ranges: [Range<Int>] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard SecretNames.mayOccur(in: bytes) else { return }
    var index = 0
    while index < bytes.count {
      guard TokenFinder.isToken(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, TokenFinder.isToken(bytes[index]) { index += 1 }
      let name = bytes[start..<index]
      guard SecretNames.contains(String(decoding: name, as: UTF8.self)),
        var value = value(after: index, isOption: name.first == UInt8(ascii: "-"))
      else { continue }
      if Self.isHeader(name) { value = value.lowerBound..<lineEnd(value.upperBound) }
      ranges.append(value)
      index = value.upperBound
    }
  }

  /// Whether all of the line, or of the text in quotes, belongs to the value: `Cookie: a=1; b=2`.
  private static func isHeader(_ name: ArraySlice<UInt8>) -> Bool {
    let name = String(decoding: name, as: UTF8.self).lowercased()
    return name == "cookie" || name == "set-cookie" || name.hasSuffix("authorization")
  }

  /// Where the line ends, or the text in quotes.
  private func lineEnd(_ start: Int) -> Int {
    guard byte(start).map({ !Self.isQuote($0) && !")]}\\".utf8.contains($0) }) == true else {
      return start
    }
    return bytes[start...].firstIndex {
      [0x0a, 0x0d].contains($0) || Self.isQuote($0) || $0 == UInt8(ascii: "\\")
    } ?? bytes.count
  }

  /// The value behind a name that ends at `end`; nil if none follows.
  private func value(after end: Int, isOption: Bool) -> Range<Int>? {
    var index = end
    let quote = byte(index).flatMap { Self.isQuote($0) ? $0 : nil }
    let isQuoted = quote != nil
    while let byte = byte(index), Self.isQuote(byte) || Self.isClosing(byte) { index += 1 }
    let blanks = skipped(index)
    let isSpaced = blanks > index
    index = blanks
    switch byte(index) {
    case UInt8(ascii: "="), UInt8(ascii: ":"):
      index += 1
      // `==`, `:=` and `=>`. No value follows the `:` of a URL.
      if let next = byte(index), [UInt8(ascii: "="), UInt8(ascii: ">")].contains(next) {
        return literal(at: skipped(index + 1))
      }
      if byte(index) == UInt8(ascii: "/"), byte(index + 1) == UInt8(ascii: "/") { return nil }
      index = skipped(index)
      return literal(at: index) ?? word(at: index)
    case UInt8(ascii: ","):
      // Two members of a tuple or list, or two words of a command as a list.
      index = skipped(index + 1)
      return literal(at: index) ?? (isQuoted ? word(at: index) : nil)
    default:
      guard isSpaced else { return nil }
      for verb in ["is ", "was "] where bytes[index...].starts(with: verb.utf8) {
        index = skipped(index + verb.utf8.count)
      }
      if let literal = literal(at: index) { return literal }
      return isOption ? word(at: index) : drawnWord(at: index)
    }
  }

  private func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  private func skipped(_ index: Int) -> Int {
    var index = index
    while byte(index) == 0x20 { index += 1 }
    return index
  }

  /// The inside of quotes or brackets that begin at `index`.
  private func literal(at index: Int) -> Range<Int>? {
    if let text = QuotedText(bytes, at: index) {
      return text.inside.isEmpty ? nil : text.inside
    }
    if byte(index) == UInt8(ascii: "\\"), let quote = byte(index + 1), Self.isQuote(quote) {
      // Quotes within other quotes.
      let start = index + 2
      let close = bytes[min(start, bytes.count)...].firstIndex(of: quote) ?? bytes.count
      return close > start ? start..<close : nil
    }
    return bracketed(at: index).flatMap { $0.count > 1 ? ($0.lowerBound + 1)..<$0.upperBound : nil }
  }

  /// From a bracket at `index` to the one that closes it, which is left out.
  private func bracketed(at index: Int) -> Range<Int>? {
    guard let open = byte(index), let close = Self.closing[open] else { return nil }
    var depth = 0
    var next = index
    while let byte = byte(next) {
      if let text = QuotedText(bytes, at: next) {
        next = text.end
        continue
      }
      if byte == open { depth += 1 }
      if byte == close { depth -= 1 }
      if depth == 0 { break }
      next += 1
    }
    return index..<next
  }

  private func word(at start: Int) -> Range<Int>? {
    guard let first = byte(start), first != UInt8(ascii: "-") else { return nil }
    let end = wordEnd(start)
    if let bracket = bytes[start..<end].firstIndex(where: { Self.closing[$0] != nil }),
      let value = bracketed(at: bracket)
    {
      // A call, with all that it is given.
      return start..<value.upperBound
    }
    let text = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
    if ["bearer", "basic", "token", "digest"].contains(text), byte(end) == 0x20 {
      let next = wordEnd(end + 1)
      return next > end + 1 ? (end + 1)..<next : nil
    }
    return end > start ? start..<end : nil
  }

  /// A word that is none of a language: it has letters and digits.
  private func drawnWord(at start: Int) -> Range<Int>? {
    guard let word = word(at: start), word.count >= 6 else { return nil }
    let text = bytes[word]
    return text.contains { (0x30...0x39).contains($0) }
      && text.contains { (0x61...0x7a).contains($0 | 0x20) } ? word : nil
  }

  private func wordEnd(_ start: Int) -> Int {
    bytes[min(start, bytes.count)...].firstIndex {
      [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x27].contains($0) || "&;,)]}".utf8.contains($0)
    } ?? bytes.count
  }

  private static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 }

  private static func isClosing(_ byte: UInt8) -> Bool { ")]".utf8.contains(byte) }

  private static let closing: [UInt8: UInt8] = [
    UInt8(ascii: "("): UInt8(ascii: ")"), UInt8(ascii: "["): UInt8(ascii: "]"),
    UInt8(ascii: "{"): UInt8(ascii: "}"),
  ]
}
