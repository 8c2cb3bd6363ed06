/// Statements that are to be the first ones under the guard.
struct FirstStatements {
  var lines: [[UInt8]]
  /// Whether it is a call of `freeze_support()`, which is needed once.
  var isFreeze = false

  /// Whole lines, indented.
  func text(by indentation: [UInt8], in file: PythonFile) -> [UInt8] {
    lines.flatMap { indentation + $0 + file.lineEnd }
  }
}
