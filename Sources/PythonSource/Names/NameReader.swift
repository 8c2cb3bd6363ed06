/// Makes statements of a file's tokens, and finds the names that each binds and needs. Each token is
/// read once; brackets, blocks and comprehensions in each other are followed to a fixed depth.
struct NameReader {
  let list: TokenList
  let bytes: [UInt8]
  /// Whether annotations are evaluated only when asked for (PEP 563, PEP 649).
  var defersAnnotations: Bool

  var statements: [Statement] = []
  var current: Statement?
  var isWhole = true
  var scopes: [Scope] = []
  var frames: [Frame] = []
  var marks: NameMarks
  /// What the simple statement, or the header of a compound one, has read and bound so far.
  var uses: [NameUse] = []
  var binds: [Int32] = []
  /// `match` statements that are open, with the column of their cases when it is known.
  private var matches: [(column: Int, cases: Int?)] = []
  private var isDecorated = false

  /// CPython's parser has limits of 100 and 200.
  static let depthLimit = 200

  init(_ list: TokenList, _ bytes: [UInt8], defersAnnotations: Bool) {
    self.list = list
    self.bytes = bytes
    self.defersAnnotations = defersAnnotations
    marks = NameMarks(count: list.names.count)
  }

  mutating func read() {
    for index in list.lines.indices { readLine(index) }
    closeScopes(atMost: 0)
    endStatement()
  }

  // MARK: Statements at the margin

  private mutating func readLine(_ index: Int) {
    let line = list.lines[index]
    closeScopes(atMost: line.column)
    while let match = matches.last, line.column <= match.column { matches.removeLast() }
    if line.column > 0 {
      if current == nil { isWhole = false }
    } else if !continuesStatement(line.tokens) {
      beginStatement(line.tokens.lowerBound, index)
    }
    let firstLine = current?.lines.lowerBound ?? index
    current?.lines = firstLine..<(index + 1)
    readStatements(of: line, index)
  }

  /// Whether a line at the margin belongs to the statement before it.
  private mutating func continuesStatement(_ tokens: Range<Int>) -> Bool {
    let first = list.tokens[tokens.lowerBound]
    if isDecorated, current != nil {
      isDecorated = first.kind == .at
      return true
    }
    isDecorated = first.kind == .at
    return current != nil && first.kind == .keyword && Self.furtherClauses.contains(first.name)
  }

  static let furtherClauses = [Word.else, .elif, .except, .finally].map(\.rawValue)

  private mutating func beginStatement(_ token: Int, _ line: Int) {
    endStatement()
    current = Statement(
      kind: .other, firstLine: Int(list.tokens[token].line), tokens: token..<(token + 1),
      lines: line..<(line + 1))
  }

  private mutating func endStatement() {
    guard var statement = current else { return }
    statement.lastLine = list.lastLine(of: statement.tokens.upperBound - 1)
    marks.clear()
    statement.binds = newNames(statement.binds)
    statement.bindsLater = newNames(statement.bindsLater)
    var known = Set<NameUse>()
    statement.uses = statement.uses.filter { known.insert($0).inserted }
    if statement.kind == .other, statements.isEmpty, isDocstring(statement.tokens) {
      statement.kind = .docstring
    }
    statements.append(statement)
    current = nil
  }

  /// Those that aren't marked, once each; marks them.
  private mutating func newNames(_ names: [Int32]) -> [Int32] {
    var new: [Int32] = []
    for name in names where !marks.contains(name) {
      marks.insert([name])
      new.append(name)
    }
    return new
  }

  private func isDocstring(_ tokens: Range<Int>) -> Bool {
    var hasString = false
    for token in list.tokens[tokens] {
      switch token.kind {
      case .string: hasString = true
      case .parenOpen, .parenClose: continue
      default: return false
      }
    }
    return hasString
  }

  // MARK: The parts of a line

  private mutating func readStatements(of line: LogicalLine, _ index: Int) {
    let end = line.tokens.upperBound
    var token = readHeader(of: line)
    // A suite on the header's line, or simple statements.
    let isSuite = token > line.tokens.lowerBound
    while token < end {
      if !isSuite, line.column == 0, token > line.tokens.lowerBound {
        beginStatement(token, index)
      }
      let start = token
      token = readSimple(from: token, to: end)
      extendStatement(to: token)
      if !isSuite, line.column == 0, scopes.isEmpty { setKind(start) }
      if token < end { token += 1 }
    }
    extendStatement(to: isSuite ? lastToken(of: line) : 0)
    if isSuite, let scope = scopes.last, scope.column >= line.column,
      !endsWithColon(line.tokens)
    {
      // The whole body was on this line.
      closeScopes(atMost: line.column)
    }
  }

  private func endsWithColon(_ tokens: Range<Int>) -> Bool {
    list.tokens[tokens.upperBound - 1].kind == .colon
  }

  /// The end of a line's tokens without a last `;`, which isn't a part of any statement.
  private func lastToken(of line: LogicalLine) -> Int {
    var end = line.tokens.upperBound
    while end > line.tokens.lowerBound + 1, list.tokens[end - 1].kind == .semicolon { end -= 1 }
    return end
  }

  private mutating func extendStatement(to end: Int) {
    guard let start = current?.tokens.lowerBound, let known = current?.tokens.upperBound else {
      return
    }
    current?.tokens = start..<max(end, known)
  }

  /// Reads the header of a compound statement to behind its colon; returns the line's start if the
  /// line is of simple statements.
  private mutating func readHeader(of line: LogicalLine) -> Int {
    var token = line.tokens.lowerBound
    let end = line.tokens.upperBound
    let first = list.tokens[token]
    if first.kind == .at {
      _ = scan(from: token + 1, to: end)
      commit()
      return end
    }
    if first.kind == .name { return readSoftHeader(of: line, first) }
    guard first.kind == .keyword else { return token }
    if first.isKeyword(.async), token + 1 < end { token += 1 }
    switch Word(rawValue: list.tokens[token].name) {
    case .def:
      setCompoundKind(.function)
      return readDefinition(from: token + 1, to: end, column: line.column, isFunction: true)
    case .class:
      setCompoundKind(.classDefinition)
      return readDefinition(from: token + 1, to: end, column: line.column, isFunction: false)
    case .for: return readClause(from: token + 1, to: end, .loop)
    case .if:
      let body = readClause(from: token + 1, to: end)
      if line.column == 0 { noteGuard((token + 1)..<max(token + 1, body - 1)) }
      return body
    case .elif, .while, .with, .except, .else, .try, .finally:
      return readClause(from: token + 1, to: end)
    default: return line.tokens.lowerBound
    }
  }

  private mutating func setCompoundKind(_ kind: Statement.Kind) {
    if scopes.isEmpty, current?.kind == .other, isHeadOfStatement { current?.kind = kind }
  }

  /// Whether all lines of the statement so far are at the margin: decorators, and its header.
  private var isHeadOfStatement: Bool {
    guard let current, let last = current.lines.last else { return false }
    return list.lines[last].column == 0
  }

  private mutating func readClause(
    from start: Int, to end: Int, _ options: ScanOptions = []
  ) -> Int {
    let colon = scan(from: start, to: end, options.union(.stopsAtColon))
    commit()
    if colon >= end { isWhole = false }
    return min(colon + 1, end)
  }

  private mutating func noteGuard(_ condition: Range<Int>) {
    switch GuardCondition.meaning(of: condition, in: list, bytes) {
    case .guards: current?.kind = .mainGuard
    case .guardsPartly: current?.isPartlyGuard = true
    case .other: break
    }
  }

  // MARK: match

  private mutating func readSoftHeader(of line: LogicalLine, _ first: Token) -> Int {
    let start = line.tokens.lowerBound
    let end = line.tokens.upperBound
    if let match = matches.last, first.isName(.case), match.cases ?? line.column == line.column {
      matches[matches.count - 1].cases = line.column
      let pattern = readPattern(from: start + 1, to: end)
      return readClause(from: pattern, to: end)
    }
    // A line that ends with a colon can't be a simple statement.
    if first.isName(.match), end - start > 2, endsWithColon(line.tokens) {
      if matches.count < Self.depthLimit { matches.append((line.column, nil)) }
      return readClause(from: start + 1, to: end)
    }
    return start
  }
}
