/// Makes the edits that bring a selection under the guard.
struct GuardLayout {
  let file: PythonFile
  let selection: Selection
  private var first: FirstStatements?
  private(set) var edits: [GuardEdit.Edit] = []
  private(set) var doubts: [GuardEdit.Doubt] = []

  private static let header = Array("if __name__ == \"__main__\":".utf8)

  init(_ selection: Selection, first: FirstStatements? = nil) {
    self.selection = selection
    self.file = selection.file
    self.first = first
    var pending: [Run] = []
    for index in selection.culprit..<selection.units.count {
      if selection.moved.contains(index) {
        file.add(index, of: selection.units, to: &pending)
      } else if selection.joined.contains(index) {
        join(pending, to: index)
        pending = []
      }
    }
    placeNewGuard(pending)
    edits.sort { ($0.startLine, $0.endLine) < ($1.startLine, $1.endLine) }
  }

  // MARK: Guards that are there

  /// Puts runs at the head of the guard below them.
  private mutating func join(_ runs: [Run], to index: Int) {
    let statement = file.contents[selection.units[index].statements.lowerBound]
    let isFirst = first.map { !$0.isFreeze } ?? false
    guard !runs.isEmpty || isFirst, let block = GuardBlock(statement, in: file) else { return }
    if block.hasElse, !runs.isEmpty { doubts.append(.guardHasElse(line: statement.firstLine)) }
    edits += runs.map { file.removal(of: $0) }
    insert(file.text(of: runs, by: block.indentation), atHeadOf: block)
  }

  private mutating func insert(_ text: [UInt8], atHeadOf block: GuardBlock) {
    var text = text
    if let first, !first.isFreeze || block.freezeLine == nil {
      text = first.text(by: block.indentation, in: file) + text
    }
    first = nil
    edits.append(file.edit(inserting: text, atHeadOf: block))
  }

  // MARK: A new guard

  private mutating func placeNewGuard(_ runs: [Run]) {
    guard let last = runs.last else {
      if first?.isFreeze == false { addGuardAtEnd() }
      return
    }
    if runs.count == 1, let block = guardAbove(last) {
      if first?.isFreeze == true { insert([], atHeadOf: block) }
      let head = first?.text(by: block.indentation, in: file) ?? []
      replace(last, by: head + file.indented(last.lines, by: block.indentation))
      return
    }
    edits += runs.dropLast().map { file.removal(of: $0) }
    replace(last, by: newGuard(before: file.text(of: runs, by: file.indentationUnit)))
  }

  private func newGuard(before text: [UInt8]) -> [UInt8] {
    let head = first?.text(by: file.indentationUnit, in: file) ?? []
    return Self.header + file.lineEnd + head + text
  }

  /// The guard directly above a run. The run can go on in its block.
  private func guardAbove(_ run: Run) -> GuardBlock? {
    guard run.units.lowerBound > 0 else { return nil }
    let above = selection.units[run.units.lowerBound - 1]
    guard above.statements.count == 1,
      let block = GuardBlock(file.contents[above.statements.lowerBound], in: file),
      !block.isOnHeaderLine, !block.hasElse
    else { return nil }
    return block
  }

  private mutating func addGuardAtEnd() {
    let end = file.lineCount
    var text = Array(file.line(end))
    if text.last != 0x0a, text.last != 0x0d { text += file.lineEnd }
    for line in [end, end - 1] where line > 0 && !file.isBlank(line) { text += file.lineEnd }
    text += newGuard(before: [])
    edits.append(GuardEdit.Edit(startLine: end, endLine: end, replacement: text))
  }

  private mutating func replace(_ run: Run, by text: [UInt8]) {
    edits.append(
      GuardEdit.Edit(
        startLine: run.lines.lowerBound, endLine: run.lines.upperBound, replacement: text))
  }
}
