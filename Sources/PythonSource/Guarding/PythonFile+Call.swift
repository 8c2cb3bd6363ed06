extension PythonFile {
  /// The edit of the main script that calls a module's function under the guard.
  ///
  /// The call does what the module did when it was imported. So what the guard edit would move for
  /// a statement right below the import moves now, too, to behind the call.
  ///
  /// - Parameter line: A line of the statement that imports the module, directly or not.
  package func callEdit(importLine line: Int, calling function: StartFunction) -> GuardProposal {
    let units = Unit.all(of: self)
    switch position(ofLine: line, in: units) {
    case .advice(let advice): return .advice(advice)
    case .guarded(let block, let unit):
      return .edit(keepingMark(callEdit(in: block, units[unit], line, function)))
    case .unit(let unit):
      let effect = ImportEffect(of: units[unit], calling: function, in: self)
      let selection = Selection(self, units, culprit: unit, effect: effect)
      var edit = guardEdit(for: selection, first: statements(calling: function, effect))
      edit.doubts += doubts(ofImport: units[unit])
      return .edit(keepingMark(edit))
    }
  }

  func doubts(ofImport unit: Unit) -> [GuardEdit.Doubt] {
    let isPlain = contents[unit.statements].allSatisfy { $0.kind != .other }
    return isPlain ? [] : [.importIsConditional(line: unit.firstLine)]
  }

  /// The import is under the guard: the call goes before it, and imports the module itself.
  private func callEdit(
    in block: GuardBlock, _ unit: Unit, _ line: Int, _ function: StartFunction
  ) -> GuardEdit {
    var edit = GuardEdit(edits: [], doubts: [], moved: Array(unit.statements))
    let text = statements(calling: function, nil).text(by: block.indentation, in: self)
    guard !block.isOnHeaderLine, let first = statementToken(withLine: line, in: unit) else {
      edit.edits = [self.edit(inserting: text, atHeadOf: block)]
      return edit
    }
    let token = list.tokens[first]
    let start = Int(token.line)
    edit.edits = [GuardEdit.Edit(startLine: start, endLine: start - 1, replacement: text)]
    if !token.isKeyword(.import), !token.isKeyword(.from) {
      edit.doubts = [.importIsConditional(line: start)]
    }
    return edit
  }

  /// Where the statement of a guard's block begins that has a line in it.
  private func statementToken(withLine line: Int, in unit: Unit) -> Int? {
    let lines = list.lines[contents[unit.statements.lowerBound].lines].dropFirst()
    var found: Int?
    var isDecorated = false
    for logical in lines where logical.column == lines.first?.column {
      let token = list.tokens[logical.tokens.lowerBound]
      if Int(token.line) > line { break }
      let isClause = token.kind == .keyword && NameReader.furtherClauses.contains(token.name)
      if !isClause, !isDecorated { found = logical.tokens.lowerBound }
      isDecorated = token.kind == .at
    }
    return found
  }
}
