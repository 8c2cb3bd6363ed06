/// What the statements below an import rely on if a call does what the imported module did.
struct ImportEffect {
  /// Names that the import binds, or another import of the module, and functions that use them.
  private(set) var names: Set<Int32>
  /// Names that the module has only after the call.
  let late: Set<Int32>
  /// Functions that need one of these, directly or not.
  private var lateFunctions = Set<Int32>()
  /// The last part of the module's name; nil if the file doesn't have it.
  let module: Int32?
  /// Whether statements that need nothing of this stay, because the file has a guard.
  var hasGuard: Bool
  /// Star imports of the module, which are needed again after the call.
  private(set) var starImports: [[UInt8]] = []

  init(of unit: Unit, calling function: StartFunction, in file: PythonFile) {
    late = Set(function.names.compactMap { file.list.names.number(ifKnown: $0[...]) })
    let part = function.module.split(separator: ".").last ?? ""
    module = file.list.names.number(ifKnown: Array(part.utf8)[...])
    hasGuard = file.contents.contains { $0.kind == .mainGuard }
    names = Set(file.contents[unit.statements].flatMap(\.binds))
    for statement in file.contents[unit.statements.lowerBound...] {
      guard statement.kind == .importModule || statement.kind == .importFrom,
        let module, file.list.tokens[statement.tokens].contains(where: { $0.name == module })
      else { continue }
      names.formUnion(statement.binds)
      if statement.importsAll, isFromModule(statement, in: file) {
        names.formUnion(late)
        if let first = file.list.tokens[statement.tokens].first,
          let last = file.list.tokens[statement.tokens].last, !function.names.isEmpty
        {
          starImports.append(Array(file.bytes[Int(first.start)..<Int(last.end)]))
        }
      }
    }
    addUsers(in: file)
  }

  /// Adds functions and classes that use one of the names in a body, directly or not.
  private mutating func addUsers(in file: PythonFile) {
    Self.add(&names, from: Array(names), statements: file.contents)
    let functions = file.contents.filter { $0.kind == .function }
    let late = functions.filter { lateName(in: $0, file) != nil }
    Self.add(&lateFunctions, from: late.flatMap(\.binds), statements: functions)
  }

  /// Adds names, and what statements bind in which functions use one of them.
  private static func add(
    _ known: inout Set<Int32>, from first: [Int32], statements: [Statement]
  ) {
    var users: [Int32: [Int]] = [:]
    for (index, statement) in statements.enumerated() {
      for use in statement.uses where use.isDeferred { users[use.name, default: []].append(index) }
    }
    known.formUnion(first)
    var next = first
    while let name = next.popLast() {
      for index in users.removeValue(forKey: name) ?? [] {
        next += statements[index].binds.filter { known.insert($0).inserted }
      }
    }
  }

  /// Whether a statement has to be executed after the call.
  func isNeeded(by statement: Statement, isDefinition: Bool, in file: PythonFile) -> Bool {
    if importsLate(statement, in: file) { return true }
    if statement.kind == .importModule || statement.kind == .importFrom { return false }
    guard statement.uses.contains(where: { !$0.isDeferred && names.contains($0.name) }) else {
      return false
    }
    guard isDefinition else { return true }
    if statement.uses.contains(where: { !$0.isDeferred && lateFunctions.contains($0.name) }) {
      return true
    }
    return executedLines(of: statement, in: file).contains { lateAttribute(in: $0, file) != nil }
  }

  /// A function's body is executed when it is called: its decorators and its header are left.
  private func executedLines(of statement: Statement, in file: PythonFile) -> [Range<Int>] {
    let lines = file.list.lines[statement.lines].map(\.tokens)
    guard statement.kind == .function else { return lines }
    let heads = file.list.lines[statement.lines].filter { $0.column == 0 }.map(\.tokens)
    return heads.map { line in
      let isDecorator = file.list.tokens[line.lowerBound].kind == .at
      let end = isDecorator ? nil : file.colon(ofHeader: line)
      return line.lowerBound..<(end ?? line.upperBound)
    }
  }

  /// A name that the module has only after the call, if a statement reads it.
  func lateName(in statement: Statement, _ file: PythonFile) -> Int32? {
    guard statement.uses.contains(where: { names.contains($0.name) }) else { return nil }
    return lateAttribute(in: statement.tokens, file)
  }

  private func lateAttribute(in tokens: Range<Int>, _ file: PythonFile) -> Int32? {
    guard !late.isEmpty else { return nil }
    for index in tokens.dropFirst() {
      let token = file.list.tokens[index]
      if token.kind == .name, file.list.tokens[index - 1].kind == .dot, late.contains(token.name) {
        return token.name
      }
    }
    return nil
  }

  /// Whether a statement is `from MODULE import NAME` with a name that the module doesn't have yet.
  func importsLate(_ statement: Statement?, in file: PythonFile) -> Bool {
    guard let statement, isFromModule(statement, in: file) else { return false }
    var isItem = false
    for token in file.list.tokens[statement.tokens] {
      if isItem, token.kind == .name, late.contains(token.name) { return true }
      // `(`, `,` and `import` stand before an item.
      isItem = token.isKeyword(.import) || token.kind == .comma || token.kind == .parenOpen
    }
    return false
  }

  private func isFromModule(_ statement: Statement, in file: PythonFile) -> Bool {
    guard statement.kind == .importFrom, let module else { return false }
    let path = file.list.tokens[statement.tokens].prefix { !$0.isKeyword(.import) }
    return path.last?.kind == .name && path.last?.name == module
  }
}
