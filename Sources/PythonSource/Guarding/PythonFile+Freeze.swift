extension PythonFile {
  /// The edit that makes `multiprocessing.freeze_support()` the first statement under the guard: a
  /// frozen program's workers begin there. The guard is the file's own, or one for the statement
  /// with that line.
  package func freezeEdit(forLine line: Int?) -> GuardProposal {
    guard isWhole else { return .advice(.unreadable) }
    let call = freezeCall
    var proposal = GuardProposal.advice(.noGuard)
    if let line {
      proposal = guardEdit(
        forLine: line, first: FirstStatements(lines: [call.text], isFreeze: true))
    }
    guard case .edit(var edit) = proposal else { return freezeGuard(call) }
    if call.needsImport { addImport(to: &edit) }
    return .edit(keepingMark(edit))
  }

  /// Puts the call into the file's first guard.
  private func freezeGuard(_ call: (text: [UInt8], needsImport: Bool)) -> GuardProposal {
    guard let index = contents.firstIndex(where: { $0.kind == .mainGuard }),
      let block = GuardBlock(contents[index], in: self)
    else { return .advice(.noGuard) }
    if block.freezeLine != nil { return .advice(.alreadyFreezes) }
    let units = Unit.all(of: self)
    guard let unit = units.firstIndex(where: { $0.statements.contains(index) }) else {
      return .advice(.noGuard)
    }
    var edit = GuardEdit(edits: [], doubts: [], moved: Array(units[unit].statements))
    let text = block.indentation + call.text + lineEnd
    edit.edits = [self.edit(inserting: text, atHeadOf: block)]
    if call.needsImport { addImport(to: &edit) }
    return .edit(keepingMark(edit))
  }

  /// How the file can call it with the imports that it has.
  private var freezeCall: (text: [UInt8], needsImport: Bool) {
    for statement in contents {
      let tokens = list.tokens[statement.tokens]
      if statement.kind == .importFrom, statement.binds.contains(Word.freezeSupport.rawValue),
        tokens.dropFirst().first?.isName(.multiprocessing) == true
      {
        return (Array("freeze_support()".utf8), false)
      }
      guard statement.kind == .importModule else { continue }
      for index in tokens.indices.dropFirst() where tokens[index].isName(.multiprocessing) {
        let next = index + 1 < tokens.endIndex ? tokens[index + 1] : nil
        if next?.isKeyword(.as) == true, index + 2 < tokens.endIndex {
          let name = list.names.bytes(of: tokens[index + 2].name)
          return (Array(name) + Array(".freeze_support()".utf8), false)
        }
        if statement.binds.contains(Word.multiprocessing.rawValue) {
          return (Array("multiprocessing.freeze_support()".utf8), false)
        }
      }
    }
    return (Array("multiprocessing.freeze_support()".utf8), true)
  }

  /// Adds `import multiprocessing` above the first import, or above the first statement that isn't
  /// a docstring or a `__future__` import.
  private func addImport(to edit: inout GuardEdit) {
    let first =
      contents.first { $0.kind == .importModule || $0.kind == .importFrom }
      ?? contents.first { $0.kind != .docstring && $0.kind != .importFuture }
    guard let first else { return }
    let units = Unit.all(of: self)
    guard let index = units.firstIndex(where: { $0.firstLine == first.firstLine }) else { return }
    let isImport = first.kind == .importModule || first.kind == .importFrom
    let line =
      isImport
      ? first.firstLine
      : firstLine(of: units[index], after: index > 0 ? units[index - 1] : nil)
    edit.edits.append(
      GuardEdit.Edit(
        startLine: line, endLine: line - 1,
        replacement: Array("import multiprocessing".utf8) + lineEnd))
    edit.edits.sort { ($0.startLine, $0.endLine) < ($1.startLine, $1.endLine) }
  }
}
