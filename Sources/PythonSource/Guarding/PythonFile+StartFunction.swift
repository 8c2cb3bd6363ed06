// The function that a module gets, as it is named and called.
extension PythonFile {
  /// A name that the file doesn't have anywhere.
  func newName(like name: String, besides other: String? = nil) -> String {
    var number = 1
    var result = name
    while result == other || list.names.number(ifKnown: Array(result.utf8)[...]) != nil {
      number += 1
      result = "\(name)_\(number)"
    }
    return result
  }

  /// The statements that call a function of another module, in a function if they go into one.
  func statements(
    calling function: StartFunction, _ effect: ImportEffect?, in caller: String? = nil
  ) -> FirstStatements {
    let name = newName(like: function.name, besides: caller)
    var text = "from \(function.module) import \(function.name)"
    if name != function.name { text += " as \(name)" }
    return FirstStatements(
      lines: [Array(text.utf8), Array("\(name)()".utf8)] + (effect?.starImports ?? []))
  }
}
