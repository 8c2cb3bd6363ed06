/// A terminal's treatment of text, computed without the reporter's code.
enum Terminal {
  /// `text` without its colours.
  static func stripped(_ text: String) -> String {
    var result = ""
    var isInSequence = false
    for character in text {
      if character == "\u{1B}" {
        isInSequence = true
      } else if isInSequence {
        isInSequence = character != "m"
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// The columns that `text` takes if it has only the wide characters and marks of the tests.
  static func columns(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar.value {
      case 0x300...0x36F: sum
      case 0x4E00...0x9FFF, 0x1F600...0x1F64F: sum + 2
      default: sum + 1
      }
    }
  }
}
