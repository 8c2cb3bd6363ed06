/// Makes the edits that bring a selection under the guard.
struct GuardLayout {
  let file: PythonFile
  let selection: Selection
  /// A statement that is to be the guard's first one.
  var firstCall: [UInt8]?
  private(set) var edits: [GuardEdit.Edit] = []
  private(set) var doubts: [GuardEdit.Doubt] = []

  private var units: [Unit] { selection.units }
  private static let header = Array("if __name__ == \"__main__\":".utf8)

  /// Units that move and have nothing between them that stays.
  private struct Run {
    var units: Range<Int>
    var lines: ClosedRange<Int>
  }

  init(_ selection: Selection, firstCall: [UInt8]? = nil) {
    self.selection = selection
    self.file = selection.file
    self.firstCall = firstCall
    var pending: [Run] = []
    for index in selection.culprit..<selection.units.count {
      if selection.moved.contains(index) {
        add(index, to: &pending)
      } else if selection.joined.contains(index) {
        join(pending, to: index)
        pending = []
      }
    }
    placeNewGuard(pending)
    edits.sort { ($0.startLine, $0.endLine) < ($1.startLine, $1.endLine) }
  }

  private func add(_ index: Int, to pending: inout [Run]) {
    let last = file.lastLine(of: units[index])
    if let run = pending.last, run.units.upperBound == index {
      pending[pending.count - 1] = Run(
        units: run.units.lowerBound..<(index + 1), lines: run.lines.lowerBound...last)
      return
    }
    let first = file.firstLine(of: units[index], after: index > 0 ? units[index - 1] : nil)
    pending.append(Run(units: index..<(index + 1), lines: first...last))
  }

  // MARK: Guards that are there

  /// Puts runs at the head of the guard below them.
  private mutating func join(_ runs: [Run], to index: Int) {
    let statement = file.contents[units[index].statements.lowerBound]
    guard !runs.isEmpty, let block = GuardBlock(statement, in: file) else { return }
    if block.hasElse { doubts.append(.guardHasElse(line: statement.firstLine)) }
    for run in runs { remove(run) }
    insert(text(of: runs, by: block.indentation), atHeadOf: block)
  }

  private mutating func insert(_ text: [UInt8], atHeadOf block: GuardBlock) {
    var text = text
    if let call = firstCall, block.freezeLine == nil {
      text = block.indentation + call + file.lineEnd + text
    }
    firstCall = nil
    edits.append(Self.edit(inserting: text, atHeadOf: block, in: file))
  }

  /// - Parameter text: Whole lines, indented as the block is.
  static func edit(
    inserting text: [UInt8], atHeadOf block: GuardBlock, in file: PythonFile
  ) -> GuardEdit.Edit {
    let header = block.headerLine
    guard block.isOnHeaderLine else {
      let line = (block.freezeLine ?? header) + 1
      return GuardEdit.Edit(startLine: line, endLine: line - 1, replacement: text)
    }
    // The statements behind the colon get a line of their own.
    var rest = file.bytes[block.colonEnd..<file.offset(ofLine: header + 1)]
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    var replacement = Array(file.bytes[file.textStart(ofLine: header)..<block.colonEnd])
    replacement += file.lineEnd + text + block.indentation + rest
    if let last = rest.last, last != 0x0a, last != 0x0d { replacement += file.lineEnd }
    return GuardEdit.Edit(startLine: header, endLine: header, replacement: replacement)
  }

  // MARK: A new guard

  private mutating func placeNewGuard(_ runs: [Run]) {
    guard let last = runs.last else { return }
    if runs.count == 1, let block = guardAbove(last) {
      if firstCall != nil { insert([], atHeadOf: block) }
      replace(last, by: file.indented(last.lines, by: block.indentation))
      return
    }
    for run in runs.dropLast() { remove(run) }
    let unit = file.indentationUnit
    var text = Self.header + file.lineEnd
    if let call = firstCall { text += unit + call + file.lineEnd }
    firstCall = nil
    replace(last, by: text + self.text(of: runs, by: unit))
  }

  /// The guard directly above a run. The run can go on in its block.
  private func guardAbove(_ run: Run) -> GuardBlock? {
    guard run.units.lowerBound > 0 else { return nil }
    let above = units[run.units.lowerBound - 1]
    guard above.statements.count == 1,
      let block = GuardBlock(file.contents[above.statements.lowerBound], in: file),
      !block.isOnHeaderLine, !block.hasElse
    else { return nil }
    return block
  }

  // MARK: Lines

  private func text(of runs: [Run], by indentation: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for run in runs {
      let start = run.lines.lowerBound
      if !text.isEmpty, start > 1, file.isBlank(start - 1) { text += file.lineEnd }
      text += file.indented(run.lines, by: indentation)
    }
    return text
  }

  private mutating func replace(_ run: Run, by text: [UInt8]) {
    edits.append(
      GuardEdit.Edit(
        startLine: run.lines.lowerBound, endLine: run.lines.upperBound, replacement: text))
  }

  /// Removes lines, with the blank lines on the side that has fewer of them.
  private mutating func remove(_ run: Run) {
    var (first, last) = (run.lines.lowerBound, run.lines.upperBound)
    while first > 1, file.isBlank(first - 1) { first -= 1 }
    while last < file.lineCount, file.isBlank(last + 1) { last += 1 }
    let above = run.lines.lowerBound - first
    let below = last - run.lines.upperBound
    if last < file.lineCount {
      let isAtHead = first == 1 && above == 0
      if isAtHead || above >= below {
        first = run.lines.lowerBound
      } else {
        last = run.lines.upperBound
      }
    }
    edits.append(GuardEdit.Edit(startLine: first, endLine: last, replacement: []))
  }
}
