extension Unicode.Scalar {
  /// Whether a terminal shows the character where it stands: it moves no cursor, ends no line, and
  /// neither hides nor reorders other text.
  ///
  /// Not shown are the general categories Cc, Zl, Zp and Cf (Unicode Standard Annex 44, table 12).
  /// These have C0, DEL and C1, U+2028 and U+2029, all of Bidi_Control, U+FEFF, and tags.
  package var isShown: Bool {
    if value < 0x7F { return value >= 0x20 }
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return false
    // Several languages, and emoji, need joiners.
    case .format: return value == 0x200C || value == 0x200D
    default: return true
    }
  }

  /// The character as Python's `ascii()` writes it, but for tabs and backslashes: `\n`, `\xe9`,
  /// `\u20ac`, `\U0001f40d`.
  package var pythonEscape: String {
    switch self {
    case "\n": return "\\n"
    case "\r": return "\\r"
    default: break
    }
    let (letter, count) =
      switch value {
      case ...0xFF: ("x", 2)
      case ...0xFFFF: ("u", 4)
      default: ("U", 8)
      }
    return "\\" + letter + value.zeroPadded(to: count, radix: 16)
  }
}
