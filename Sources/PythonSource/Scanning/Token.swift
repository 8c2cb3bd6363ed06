/// A token of a Python file (Reference, chapter 2), as far as statements and names need them.
struct Token {
  enum Kind: UInt8 {
    case name, keyword, number, string, byteString
    /// The ends of an f-string or t-string. Its fields are between them.
    case formattedStart, formattedEnd
    /// The braces of a field, which are brackets of their own kind.
    case fieldOpen, fieldClose
    case parenOpen, parenClose, squareOpen, squareClose, braceOpen, braceClose
    case comma, colon, semicolon, dot, ellipsis, equal, equality, walrus, arrow, augmented
    case at, star, doubleStar, other

    var opens: Bool {
      switch self {
      case .parenOpen, .squareOpen, .braceOpen, .fieldOpen: true
      default: false
      }
    }

    var closes: Bool {
      switch self {
      case .parenClose, .squareClose, .braceClose, .fieldClose: true
      default: false
      }
    }
  }

  var kind: Kind
  /// Offsets in the file's bytes.
  var start: Int32
  var end: Int32
  /// From 1: where it begins.
  var line: Int32
  /// A name's or keyword's number in the file's `NameTable`.
  var name: Int32

  func isKeyword(_ word: Word) -> Bool {
    kind == .keyword && name == word.rawValue
  }

  func isName(_ word: Word) -> Bool {
    kind == .name && name == word.rawValue
  }

  /// Whether a bracket right after it is a call or a subscript.
  var isOperand: Bool {
    switch kind {
    case .name, .number, .string, .byteString, .formattedEnd, .ellipsis, .parenClose, .squareClose,
      .braceClose:
      true
    case .keyword: Word.isValue(name)
    default: false
    }
  }
}

/// A logical line that has tokens.
struct LogicalLine {
  var tokens: Range<Int>
  /// Tabs count to the next multiple of 8, and a form feed begins again at 0 (Reference, 2.1.8).
  var column: Int
}
