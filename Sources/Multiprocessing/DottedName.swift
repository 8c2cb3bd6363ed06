extension StringProtocol {
  /// Names between dots, as of a module, or a number.
  var isDottedName: Bool { !isEmpty && allSatisfy { $0.isOfName || $0 == "." } }
}

extension Character {
  /// Whether it may be part of a name in Python.
  var isOfName: Bool { self == "_" || isLetter || isNumber }
}
