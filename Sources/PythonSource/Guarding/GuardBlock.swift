/// The block of a guard that is in the file.
struct GuardBlock {
  /// The line with the header's colon.
  var headerLine: Int
  /// The offset behind the colon.
  var colonEnd: Int
  /// Whether its statements stand on the header's line.
  var isOnHeaderLine: Bool
  var indentation: [UInt8]
  var lastLine: Int
  /// Whether an `else` or `elif` follows.
  var hasElse: Bool
  /// The last line of a call of `freeze_support()` that the block begins with.
  var freezeLine: Int?

  init?(_ statement: Statement, in file: PythonFile) {
    let lines = file.list.lines[statement.lines]
    guard statement.kind == .mainGuard, let header = lines.first else { return nil }
    var depth = 0
    var colon: Int?
    for index in header.tokens where colon == nil {
      let kind = file.list.tokens[index].kind
      if kind.opens { depth += 1 }
      if kind.closes { depth -= 1 }
      if kind == .colon, depth == 0 { colon = index }
    }
    guard let colon else { return nil }
    headerLine = Int(file.list.tokens[colon].line)
    colonEnd = Int(file.list.tokens[colon].end)
    isOnHeaderLine = colon + 1 < header.tokens.upperBound
    let body = lines.dropFirst().prefix { $0.column > 0 }
    hasElse = lines.dropFirst().contains { $0.column == 0 }
    indentation = body.first.map { file.indentation(of: $0) } ?? file.indentationUnit
    let lastToken = (body.last ?? header).tokens.upperBound - 1
    lastLine = file.list.lastLine(of: lastToken)
    let first =
      isOnHeaderLine ? (colon + 1)..<header.tokens.upperBound : body.first?.tokens ?? 0..<0
    if file.list.tokens[first].contains(where: { $0.isName(.freezeSupport) }) {
      freezeLine = file.list.lastLine(of: first.upperBound - 1)
    }
  }
}
