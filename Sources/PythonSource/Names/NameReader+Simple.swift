// Simple statements.
extension NameReader {
  /// Reads a simple statement to its `;` or to the end of the line, and returns that index.
  mutating func readSimple(from start: Int, to end: Int) -> Int {
    let first = list.tokens[start]
    var index = start
    let word = first.kind == .keyword ? Word(rawValue: first.name) : nil
    switch word {
    case .import: index = readImport(from: start + 1, to: end)
    case .from: index = readFromImport(from: start + 1, to: end)
    case .global, .nonlocal: index = readDeclaration(from: start, to: end)
    case .del:
      // It needs what it removes.
      _ = scan(from: start + 1, to: end)
      index = scan(from: start + 1, to: end, .targets)
    default:
      if word == .return, !isInFunction { current?.leavesModule = true }
      if first.isName(.type), start + 2 < end, list.tokens[start + 1].kind == .name,
        list.tokens[start + 2].kind == .equal || list.tokens[start + 2].kind == .squareOpen
      {
        index = readAlias(from: start + 1, to: end)
      } else {
        index = readAssignment(from: start, to: end)
      }
    }
    commit()
    return index
  }

  var isInFunction: Bool { scopes.contains { $0.isFunction } }

  /// Sets the kind of the statement that a simple statement at the margin is.
  mutating func setKind(_ start: Int) {
    guard current?.kind == .other else { return }
    let first = list.tokens[start]
    if first.isKeyword(.import) { current?.kind = .importModule }
    guard first.isKeyword(.from) else { return }
    let module = start + 1 < list.tokens.count ? list.tokens[start + 1] : first
    current?.kind = module.isName(.future) ? .importFuture : .importFrom
    if module.isName(.future), current?.binds.contains(Word.annotations.rawValue) == true {
      defersAnnotations = true
    }
  }

  /// Tokens that aren't names, where Python would have one, bind nothing.
  private mutating func bind(_ name: Int32) {
    if name >= 0 { binds.append(name) } else { isWhole = false }
  }

  private func statementEnd(from start: Int, to end: Int) -> Int {
    var index = start
    while index < end, list.tokens[index].kind != .semicolon { index += 1 }
    return index
  }

  /// `import a.b, c as d` binds `a` and `d`.
  private mutating func readImport(from start: Int, to end: Int) -> Int {
    let last = statementEnd(from: start, to: end)
    var index = start
    while index < last {
      var bound = list.tokens[index].name
      while index < last, list.tokens[index].kind != .comma {
        if list.tokens[index].isKeyword(.as), index + 1 < last {
          bound = list.tokens[index + 1].name
        }
        index += 1
      }
      bind(bound)
      index += 1
    }
    return last
  }

  /// `from .a import (b, c as d)` binds `b` and `d`.
  private mutating func readFromImport(from start: Int, to end: Int) -> Int {
    let last = statementEnd(from: start, to: end)
    var index = start
    while index < last, !list.tokens[index].isKeyword(.import) { index += 1 }
    index += 1
    while index < last {
      let token = list.tokens[index]
      if token.kind == .star { current?.importsAll = true }
      if token.kind == .name {
        let isRenamed = index + 2 < last && list.tokens[index + 1].isKeyword(.as)
        if isRenamed { index += 2 }
        bind(list.tokens[index].name)
      }
      index += 1
    }
    return last
  }

  private mutating func readDeclaration(from start: Int, to end: Int) -> Int {
    let last = statementEnd(from: start, to: end)
    let names = list.tokens[start..<last].filter { $0.kind == .name }.map(\.name)
    guard !scopes.isEmpty else {
      current?.isOnlyForModules = true
      return last
    }
    if list.tokens[start].isKeyword(.global) {
      scopes[scopes.count - 1].globals += names
    } else {
      scopes[scopes.count - 1].nonlocals += names
    }
    return last
  }

  /// `type X[T] = ...`. The value is evaluated only when asked for.
  private mutating func readAlias(from start: Int, to end: Int) -> Int {
    bind(list.tokens[start].name)
    var index = start + 1
    var parameters = Set<Int32>()
    if list.tokens[index].kind == .squareOpen {
      (index, parameters) = readTypeParameters(from: index, to: end)
    }
    let first = uses.count
    index = scan(from: index + 1, to: end)
    let kept = uses[first...].filter { !parameters.contains($0.name) }
    uses.replaceSubrange(
      first...,
      with: kept.map { NameUse(name: $0.name, isDeferred: true, isCalled: $0.isCalled) })
    return index
  }
}
