/// What may be wrong with an edit that brings a selection into a function.
struct FunctionReview {
  let file: PythonFile
  let selection: Selection
  private(set) var doubts: [GuardEdit.Doubt] = []

  /// Functions that see the names of what they are called in.
  private static let readers = ["locals", "vars", "dir", "exec", "eval"]

  init(_ selection: Selection, names: [Int32]) {
    self.selection = selection
    file = selection.file
    let numbers = Self.readers.compactMap { file.list.names.number(ifKnown: Array($0.utf8)[...]) }
    let readers = Set(numbers)
    for index in selection.moved.sorted() {
      for statement in file.contents[selection.units[index].statements] {
        examine(statement, readers)
      }
    }
    examineExports(Set(names.map { file.list.names.bytes(of: $0) }))
    if let guardUnit = selection.joined.min() { examineElse(of: guardUnit) }
    if !names.isEmpty { doubts.append(.bindsLater(names: names.map(text))) }
  }

  private func text(_ name: Int32) -> String { file.list.names.string(of: name) }

  private mutating func examine(_ statement: Statement, _ readers: Set<Int32>) {
    for use in statement.uses where !use.isDeferred && readers.contains(use.name) {
      doubts.append(.readsNamespace(name: text(use.name), line: statement.firstLine))
    }
    for annotation in statement.annotations {
      let line = Int(file.list.tokens[annotation.tokens.lowerBound].line)
      doubts.append(.dropsAnnotation(name: text(annotation.name), line: line))
    }
  }

  /// `from MODULE import *` fails if `__all__` has a name that the module doesn't have.
  private mutating func examineExports(_ names: Set<ArraySlice<UInt8>>) {
    guard let all = file.list.names.number(ifKnown: Array("__all__".utf8)[...]) else { return }
    for statement in file.contents where statement.binds.contains(all) {
      for token in file.list.tokens[statement.tokens] where token.kind == .string {
        let content = GuardCondition.content(of: token, file.bytes)
        guard names.contains(content) else { continue }
        let name = String(decoding: content, as: UTF8.self)
        doubts.append(.exportsMoved(name: name, line: Int(token.line)))
      }
    }
  }

  /// An import executes the `else`.
  private mutating func examineElse(of unit: Int) {
    for statement in file.contents[selection.units[unit].statements] {
      if let block = GuardBlock(statement, in: file), block.hasElse {
        doubts.append(.guardHasElse(line: statement.firstLine))
      }
    }
  }
}
