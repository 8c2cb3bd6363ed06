/// Words with a fixed number in each `NameTable`. The keywords come first.
enum Word: Int32, CaseIterable {
  case and, `as`, assert, async, await, `break`, `class`, `continue`, def, del, elif, `else`
  case except, finally, `for`, from, global, `if`, `import`, `in`, `is`, lambda, nonlocal, not
  case or, pass, raise, `return`, `try`, `while`, with, yield, none, yes, no

  // Names that mean something in some places.
  case match, `case`, type, underscore, dunderName, future, annotations, sys, path, os, environ
  case getenv, putenv
  case multiprocessing, freezeSupport

  private static let keywordCount = Word.no.rawValue + 1

  static func isKeyword(_ name: Int32) -> Bool { name < keywordCount }

  /// Keywords that are values, after which a bracket is a call or a subscript.
  static func isValue(_ name: Int32) -> Bool {
    name == Word.none.rawValue || name == Word.yes.rawValue || name == Word.no.rawValue
  }

  var spelling: String {
    switch self {
    case .none: "None"
    case .yes: "True"
    case .no: "False"
    case .underscore: "_"
    case .dunderName: "__name__"
    case .future: "__future__"
    case .freezeSupport: "freeze_support"
    default: "\(self)"
    }
  }
}
