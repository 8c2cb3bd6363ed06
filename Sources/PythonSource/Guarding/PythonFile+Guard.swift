extension PythonFile {
  /// The edit that keeps imports of this file from executing the statement with that line.
  package func guardEdit(forLine line: Int) -> GuardProposal {
    let proposal = guardEdit(forLine: line, first: nil)
    guard case .edit(let edit) = proposal else { return proposal }
    return .edit(keepingMark(edit))
  }

  func guardEdit(forLine line: Int, first: FirstStatements?) -> GuardProposal {
    let units = Unit.all(of: self)
    switch position(ofLine: line, in: units) {
    case .advice(let advice): return .advice(advice)
    case .guarded: return .advice(.alreadyGuarded)
    case .unit(let culprit):
      return .edit(guardEdit(for: Selection(self, units, culprit: culprit), first: first))
    }
  }

  func guardEdit(for selection: Selection, first: FirstStatements?) -> GuardEdit {
    let layout = GuardLayout(selection, first: first)
    let moved = selection.moved.union(selection.joined).sorted()
    return GuardEdit(
      edits: layout.edits, doubts: layout.doubts + GuardReview(selection).doubts,
      moved: moved.flatMap { selection.units[$0].statements })
  }

  /// Where a line is.
  enum Position {
    case unit(Int)
    /// In the block of a guard, or on its header's line.
    case guarded(GuardBlock, unit: Int)
    case advice(GuardProposal.Advice)
  }

  func position(ofLine line: Int, in units: [Unit]) -> Position {
    guard isWhole else { return .advice(.unreadable) }
    guard let unit = units.firstIndex(where: { ($0.firstLine...$0.lastLine).contains(line) })
    else { return .advice(.noStatement) }
    for statement in contents[units[unit].statements] {
      if let block = GuardBlock(statement, in: self) {
        let isInElse = block.hasElse && line > block.lastLine
        return isInElse ? .advice(.onlyInWorkers) : .guarded(block, unit: unit)
      }
      if statement.isPartlyGuard { return .advice(.alreadyGuarded) }
    }
    return .unit(unit)
  }

  /// The edit that leaves a byte order mark where it is: before the first line, whichever that is.
  /// The mark belongs to that line, so an edit that makes another line the first one has it, too.
  func keepingMark(_ edit: GuardEdit) -> GuardEdit {
    guard hasByteOrderMark, var first = edit.edits.first, first.startLine == 1 else {
      return edit
    }
    var result = edit
    result.edits.removeFirst()
    while first.endLine == 0 || first.replacement.isEmpty, first.endLine < lineCount {
      if let next = result.edits.first, next.startLine == first.endLine + 1 {
        result.edits.removeFirst()
        first.endLine = next.endLine
        first.replacement += next.replacement
      } else {
        first.endLine += 1
        first.replacement += line(first.endLine)
      }
    }
    first.replacement = Self.byteOrderMark + first.replacement
    result.edits.insert(first, at: 0)
    return result
  }
}
