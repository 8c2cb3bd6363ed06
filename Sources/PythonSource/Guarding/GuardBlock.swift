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
    guard let colon = file.colon(ofHeader: header.tokens) else { return nil }
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

extension PythonFile {
  /// The index of the colon that ends a compound statement's header.
  func colon(ofHeader tokens: Range<Int>) -> Int? {
    var depth = 0
    return tokens.first { index in
      let kind = list.tokens[index].kind
      if kind.opens { depth += 1 }
      if kind.closes { depth -= 1 }
      return kind == .colon && depth == 0
    }
  }

  /// - Parameter text: Whole lines, indented as the block is.
  func edit(inserting text: [UInt8], atHeadOf block: GuardBlock) -> GuardEdit.Edit {
    let header = block.headerLine
    guard block.isOnHeaderLine else {
      let line = (block.freezeLine ?? header) + 1
      return GuardEdit.Edit(startLine: line, endLine: line - 1, replacement: text)
    }
    // The statements behind the colon get a line of their own.
    var rest = bytes[block.colonEnd..<offset(ofLine: header + 1)]
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    var replacement = Array(bytes[textStart(ofLine: header)..<block.colonEnd])
    replacement += lineEnd + text + block.indentation + rest
    if let last = rest.last, last != 0x0a, last != 0x0d { replacement += lineEnd }
    return GuardEdit.Edit(startLine: header, endLine: header, replacement: replacement)
  }
}
