/// Units that move and have nothing between them that stays.
struct Run {
  var units: Range<Int>
  var lines: ClosedRange<Int>
}

extension PythonFile {
  /// Adds the next unit that moves to the last run, or begins another one with it.
  func add(_ index: Int, of units: [Unit], to runs: inout [Run]) {
    let last = lastLine(of: units[index])
    if let run = runs.last, run.units.upperBound == index {
      runs[runs.count - 1] = Run(
        units: run.units.lowerBound..<(index + 1), lines: run.lines.lowerBound...last)
      return
    }
    let first = firstLine(of: units[index], after: index > 0 ? units[index - 1] : nil)
    runs.append(Run(units: index..<(index + 1), lines: first...last))
  }

  /// The lines of runs one below the other, further in.
  ///
  /// - Parameter annotations: Those in the runs that the text is to be without, in order.
  func text(
    of runs: [Run], by indentation: [UInt8], without annotations: [Annotation] = []
  ) -> [UInt8] {
    var text: [UInt8] = []
    var cuts = annotations.map(cut)[...]
    for run in runs {
      let start = run.lines.lowerBound
      if !text.isEmpty, start > 1, isBlank(start - 1) { text += lineEnd }
      let end = offset(ofLine: run.lines.upperBound + 1)
      let own = cuts.prefix { $0.bytes.lowerBound < end }
      cuts.removeFirst(own.count)
      text += indented(run.lines, by: indentation, replacing: Array(own))
    }
    return text
  }

  /// What takes an annotation away: `x: int = 1` becomes `x = 1`, and `x: int` becomes `pass`.
  private func cut(_ annotation: Annotation) -> Cut {
    let name = list.tokens[annotation.tokens.lowerBound]
    let end = Int(list.tokens[annotation.tokens.upperBound - 1].end)
    return annotation.hasValue
      ? Cut(bytes: Int(name.end)..<end, text: [])
      : Cut(bytes: Int(name.start)..<end, text: Array("pass".utf8))
  }

  /// Removes lines, with the blank lines on the side that has fewer of them.
  func removal(of run: Run) -> GuardEdit.Edit {
    var (first, last) = (run.lines.lowerBound, run.lines.upperBound)
    while first > 1, isBlank(first - 1) { first -= 1 }
    while last < lineCount, isBlank(last + 1) { last += 1 }
    let above = run.lines.lowerBound - first
    let below = last - run.lines.upperBound
    if last < lineCount {
      let isAtHead = first == 1 && above == 0
      if isAtHead || above >= below {
        first = run.lines.lowerBound
      } else {
        last = run.lines.upperBound
      }
    }
    return GuardEdit.Edit(startLine: first, endLine: last, replacement: [])
  }
}
