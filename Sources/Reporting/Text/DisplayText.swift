internal import Bytes

/// Text as a terminal shows it: in columns.
package enum DisplayText {
  package static func width(of text: some StringProtocol) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 }
      ? text.utf8.count : text.reduce(0) { $0 + width(of: $1) }
  }

  /// How many columns a character takes: two for wide ones of East Asia and for emoji, none for a
  /// mark without a letter.
  package static func width(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    if let first = scalars.first, scalars.count == 1, first.isASCII {
      return 1
    }
    // A sequence of emoji is drawn as one, a sequence of letters and marks side by side.
    if scalars.contains(where: { $0.properties.isEmojiPresentation || $0 == "\u{FE0F}" }) {
      return 2
    }
    return scalars.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: 0
    default: isHangulTail(scalar) ? 0 : isWide(scalar) ? 2 : 1
    }
  }

  /// Vowels and final consonants, which are drawn into the syllable before them.
  private static func isHangulTail(_ scalar: Unicode.Scalar) -> Bool {
    (0x1160...0x11FF).contains(scalar.value)
  }

  /// Blocks of wide and full-width characters, as of Unicode 15.1 (EastAsianWidth.txt). Emoji are
  /// recognised by their property, as of the Unicode version of Swift's standard library.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
      0x1F200...0x1F2FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// The longest beginning of `text` with at most `columns` columns.
  package static func prefix(of text: String, columns: Int) -> String {
    var used = 0
    return String(
      text.prefix { character in
        used += width(of: character)
        return used <= columns
      })
  }

  /// The longest end of `text` with at most `columns` columns.
  package static func suffix(of text: String, columns: Int) -> String {
    var used = 0
    let kept = text.reversed().prefix { character in
      used += width(of: character)
      return used <= columns
    }
    return String(text.suffix(kept.count))
  }

  /// `text` on one line, in the order in which it is stored. Tabs become four spaces. Control
  /// characters, line separators and characters that change the writing direction are escaped as in
  /// Python, and so is everything outside ASCII if `unicode` is false, but for the ellipsis that stands
  /// for what is left out.
  package static func printable(_ text: String, unicode: Bool) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        result += "    "
      } else if let byte = scalar.keptByte {
        // A byte of a path that isn't UTF-8.
        result += "\\x" + String(byte, radix: 16)
      } else if scalar.isShown && (unicode || scalar.isASCII) {
        result.unicodeScalars.append(scalar)
      } else if scalar == "…" {
        result += "..."
      } else {
        result += scalar.pythonEscape
      }
    }
    return result
  }
}
