/// Statements at the margin that share lines, and so move together. Nearly always it is one.
struct Unit {
  var statements: Range<Int>
  var firstLine: Int
  var lastLine: Int

  static func all(of file: PythonFile) -> [Unit] {
    var units: [Unit] = []
    for (index, statement) in file.contents.enumerated() {
      if let last = units.last, statement.firstLine <= last.lastLine {
        units[units.count - 1].statements = last.statements.lowerBound..<(index + 1)
        units[units.count - 1].lastLine = max(last.lastLine, statement.lastLine)
      } else {
        units.append(
          Unit(
            statements: index..<(index + 1), firstLine: statement.firstLine,
            lastLine: statement.lastLine))
      }
    }
    return units
  }
}
