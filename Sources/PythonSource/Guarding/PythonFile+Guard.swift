extension PythonFile {
  /// The edit that keeps imports of this file from executing the statement with that line.
  package func guardEdit(forLine line: Int) -> GuardProposal {
    keepingMark(guardEdit(forLine: line, firstCall: nil))
  }

  func guardEdit(forLine line: Int, firstCall: [UInt8]?) -> GuardProposal {
    guard isWhole else { return .advice(.unreadable) }
    let units = Unit.all(of: self)
    guard let culprit = units.firstIndex(where: { ($0.firstLine...$0.lastLine).contains(line) })
    else { return .advice(.noStatement) }
    for statement in contents[units[culprit].statements] {
      if let block = GuardBlock(statement, in: self) {
        let isInElse = block.hasElse && line > block.lastLine
        return .advice(isInElse ? .onlyInWorkers : .alreadyGuarded)
      }
      if statement.isPartlyGuard { return .advice(.alreadyGuarded) }
    }
    let selection = Selection(self, units, culprit: culprit)
    let layout = GuardLayout(selection, firstCall: firstCall)
    let moved = selection.moved.union(selection.joined).sorted()
    return .edit(
      GuardEdit(
        edits: layout.edits, doubts: layout.doubts + GuardReview(selection).doubts,
        moved: moved.flatMap { units[$0].statements }))
  }

  /// The edit that leaves a byte order mark where it is: before the first line, whichever that is.
  func keepingMark(_ proposal: GuardProposal) -> GuardProposal {
    guard case .edit(var edit) = proposal, hasByteOrderMark, var first = edit.edits.first,
      first.startLine == 1
    else { return proposal }
    edit.edits.removeFirst()
    if first.endLine == 0 {
      // Something is inserted before the first line, which may become another one, too.
      first.endLine = 1
      if let next = edit.edits.first, next.startLine == 1 {
        edit.edits.removeFirst()
        first.endLine = next.endLine
        first.replacement += next.replacement
      } else {
        first.replacement += line(1)
      }
    }
    first.replacement = Self.byteOrderMark + first.replacement
    edit.edits.insert(first, at: 0)
    return .edit(edit)
  }
}
