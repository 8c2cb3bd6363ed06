/// Makes the edits that bring a selection into a function.
struct FunctionLayout {
  let file: PythonFile
  let selection: Selection
  let name: [UInt8]
  private(set) var edits: [GuardEdit.Edit] = []

  /// Lines are no longer than that.
  private static let width = 88

  /// - Parameters:
  ///   - names: Those that the function declares `global`.
  ///   - annotations: Those that the function is to be without.
  init(
    _ selection: Selection, name: [UInt8], names: [Int32], annotations: [Annotation],
    first: FirstStatements?
  ) {
    self.selection = selection
    file = selection.file
    self.name = name
    var runs: [Run] = []
    for index in selection.moved.sorted() { file.add(index, of: selection.units, to: &runs) }
    // A guard below calls the function, which has to be defined there.
    let guardUnit = selection.joined.min() ?? selection.units.count
    let place = runs.lastIndex { $0.units.upperBound <= guardUnit } ?? runs.count - 1
    for (index, run) in runs.enumerated() where index != place {
      edits.append(file.removal(of: run))
    }
    let unit = file.indentationUnit
    let body =
      declaration(of: names, by: unit) + (first?.text(by: unit, in: file) ?? [])
      + file.text(of: runs, by: unit, without: annotations)
    if runs.indices.contains(place) { edits.append(edit(of: runs[place], body: body)) }
    callUnderGuard(guardUnit)
    edits.sort { ($0.startLine, $0.endLine) < ($1.startLine, $1.endLine) }
  }

  /// Puts the definition in place of a run, with two blank lines around it.
  private func edit(of run: Run, body: [UInt8]) -> GuardEdit.Edit {
    let (first, last) = (run.lines.lowerBound, run.lines.upperBound)
    var text: [UInt8] = []
    for line in [first - 1, first - 2] where line > 0 && !file.isBlank(line) {
      text += file.lineEnd
    }
    text += Array("def ".utf8) + name + Array("():".utf8) + file.lineEnd + body
    for line in [last + 1, last + 2] where line <= file.lineCount && !file.isBlank(line) {
      text += file.lineEnd
    }
    return GuardEdit.Edit(startLine: first, endLine: last, replacement: text)
  }

  /// `global a, b`, in lines that aren't too long.
  private func declaration(of names: [Int32], by unit: [UInt8]) -> [UInt8] {
    var lines: [[UInt8]] = []
    for name in names.map({ file.list.names.bytes(of: $0) }) {
      if let last = lines.last, last.count + name.count + 2 <= Self.width {
        lines[lines.count - 1] += Array(", ".utf8) + name
      } else {
        lines.append(unit + Array("global ".utf8) + name)
      }
    }
    return lines.flatMap { $0 + file.lineEnd }
  }

  /// Keeps what the file does if it is the main script.
  private mutating func callUnderGuard(_ unit: Int) {
    guard unit < selection.units.count,
      let block = GuardBlock(
        file.contents[selection.units[unit].statements.lowerBound], in: file)
    else { return }
    let call = FirstStatements(lines: [name + Array("()".utf8)])
    edits.append(
      file.edit(inserting: call.text(by: block.indentation, in: file), atHeadOf: block))
  }
}
