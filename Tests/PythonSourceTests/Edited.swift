import PythonSource
import Testing

/// The text after the edit for a line; the advice if there is no edit.
func edited(_ text: String, line: Int) -> String {
  let file = PythonFile(Array(text.utf8))
  return described(file.guardEdit(forLine: line), file)
}

/// The same for a frozen program.
func frozen(_ text: String, line: Int? = nil) -> String {
  let file = PythonFile(Array(text.utf8))
  return described(file.freezeEdit(forLine: line), file)
}

/// The same for the function that a module's statements go into.
func functionEdited(_ text: String, line: Int) -> String {
  let file = PythonFile(Array(text.utf8))
  switch file.functionEdit(forLine: line) {
  case .advice(let advice): return "\(advice)"
  case .edit(let module): return String(decoding: module.edit.applied(to: file), as: UTF8.self)
  }
}

func functionDoubts(_ text: String, line: Int) -> [GuardEdit.Doubt] {
  guard case .edit(let module) = PythonFile(Array(text.utf8)).functionEdit(forLine: line) else {
    return []
  }
  return module.edit.doubts
}

/// The text after the call of `helper.start_workers` is in it.
func called(_ text: String, line: Int, names: [String] = []) -> String {
  let file = PythonFile(Array(text.utf8))
  return described(file.callEdit(importLine: line, calling: helper(names)), file)
}

func callDoubts(_ text: String, line: Int, names: [String] = []) -> [GuardEdit.Doubt] {
  let file = PythonFile(Array(text.utf8))
  guard case .edit(let edit) = file.callEdit(importLine: line, calling: helper(names)) else {
    return []
  }
  return edit.doubts
}

func helper(_ names: [String]) -> StartFunction {
  StartFunction(module: "pkg.helper", name: "start_workers", names: names.map { Array($0.utf8) })
}

private func described(_ proposal: GuardProposal, _ file: PythonFile) -> String {
  switch proposal {
  case .advice(let advice): "\(advice)"
  case .edit(let edit): String(decoding: edit.applied(to: file), as: UTF8.self)
  }
}

func doubts(_ text: String, line: Int) -> [GuardEdit.Doubt] {
  let file = PythonFile(Array(text.utf8))
  guard case .edit(let edit) = file.guardEdit(forLine: line) else { return [] }
  return edit.doubts
}

/// A line a statement: `1-2 kind | what it binds | what it needs | what its functions need`.
func described(_ text: String) -> [String] {
  described(Array(text.utf8))
}

func described(_ bytes: [UInt8]) -> [String] {
  PythonFile(bytes).statements.map { statement in
    let names = [statement.bound, statement.needed, statement.neededLater].map { names in
      names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
    let lines =
      statement.firstLine == statement.lastLine
      ? "\(statement.firstLine)" : "\(statement.firstLine)-\(statement.lastLine)"
    var text = "\(lines) \(statement.kind) | " + names.joined(separator: " | ")
    while text.last == " " || text.last == "|" { text.removeLast() }
    return text
  }
}
