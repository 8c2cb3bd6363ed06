// Where what a simple statement or a header has read and bound belongs.
extension NameReader {
  /// Adds the names of a simple statement, or of a header, to the scope that it is in.
  mutating func commit() {
    defer {
      uses.removeAll(keepingCapacity: true)
      binds.removeAll(keepingCapacity: true)
    }
    // No copy of the scope is held here: its arrays grow in place.
    let last = scopes.count - 1
    guard last >= 0 else {
      current?.uses += uses
      current?.binds += binds
      return
    }
    if scopes[last].isFunction {
      scopes[last].uses += uses
      scopes[last].bound += binds
      return
    }
    // A class: what it has bound before is found in it, except by functions.
    let kept = uses.filter { use in
      !scopes[last].typeParameters.contains(use.name)
        && (use.isDeferred || !scopes[last].boundBefore.contains(use.name))
    }
    scopes[last].boundBefore.formUnion(binds)
    passOn(kept, from: last)
  }

  /// Ends the scopes that a line in this column isn't in.
  mutating func closeScopes(atMost column: Int) {
    while let scope = scopes.last, column <= scope.column { closeScope() }
  }

  private mutating func closeScope() {
    let scope = scopes.removeLast()
    current?.bindsLater += scope.globals
    guard scope.isFunction else { return }
    marks.clear()
    marks.insert(scope.globals)
    let global = scope.uses.filter { marks.contains($0.name) }
    current?.uses += global.map {
      NameUse(name: $0.name, isDeferred: true, isCalled: $0.isCalled)
    }
    // What is declared nonlocal is another function's.
    marks.clear()
    marks.insert(scope.nonlocals)
    let bound = scope.bound.filter { !marks.contains($0) }
    marks.clear()
    marks.insert(bound)
    marks.insert(scope.globals)
    var known = Set<NameUse>()
    let free = scope.uses.filter { use in
      !marks.contains(use.name)
        && known.insert(NameUse(name: use.name, isDeferred: true, isCalled: use.isCalled)).inserted
    }
    passOn(
      free.map { NameUse(name: $0.name, isDeferred: true, isCalled: $0.isCalled) },
      from: scopes.count)
  }

  /// Gives uses to the next function outside of a scope, or to the statement.
  private mutating func passOn(_ given: [NameUse], from scope: Int) {
    var uses = given
    var index = scope - 1
    while index >= 0 {
      if scopes[index].isFunction {
        scopes[index].uses += uses
        return
      }
      let parameters = scopes[index].typeParameters
      if !parameters.isEmpty { uses.removeAll { parameters.contains($0.name) } }
      index -= 1
    }
    current?.uses += uses
  }

  /// Reads the header of a `def` or `class` from its name on, and opens its scope. Returns the
  /// index behind its colon.
  mutating func readDefinition(
    from start: Int, to end: Int, column: Int, isFunction: Bool
  ) -> Int {
    var scope = Scope(isFunction: isFunction, column: column)
    var index = start
    if index < end, list.tokens[index].kind == .name {
      binds.append(list.tokens[index].name)
      index += 1
    } else {
      isWhole = false
    }
    if index < end, list.tokens[index].kind == .squareOpen {
      (index, scope.typeParameters) = readTypeParameters(from: index, to: end)
    }
    if isFunction, index < end, list.tokens[index].kind == .parenOpen {
      (index, scope.bound) = readParameters(from: index, to: end)
      if index < end, list.tokens[index].kind == .arrow {
        let annotation = uses.count
        index = scan(from: index + 1, to: end, .stopsAtColon)
        if defersAnnotations { uses.removeSubrange(annotation...) }
      }
      scope.bound += scope.typeParameters
    }
    let colon = scan(from: index, to: end, [.stopsAtColon, .callsFirst])
    if !scope.typeParameters.isEmpty {
      uses.removeAll { scope.typeParameters.contains($0.name) }
    }
    commit()
    if colon >= end { isWhole = false }
    if scopes.count < Self.depthLimit { scopes.append(scope) } else { isWhole = false }
    return min(colon + 1, end)
  }

  /// Reads `[T: int, *Ts, **P = X]`. Bounds and defaults are evaluated only when asked for.
  mutating func readTypeParameters(from start: Int, to end: Int) -> (Int, Set<Int32>) {
    var names = Set<Int32>()
    var depth = 0
    var index = start
    let first = uses.count
    while index < end {
      let token = list.tokens[index]
      if token.kind.opens { depth += 1 }
      if token.kind.closes { depth -= 1 }
      if depth == 0 { break }
      if token.kind == .name {
        switch list.tokens[index - 1].kind {
        case .squareOpen where depth == 1, .comma where depth == 1, .star where depth == 1,
          .doubleStar where depth == 1:
          names.insert(token.name)
        case .dot: break
        default:
          uses.append(NameUse(name: token.name, isDeferred: true, isCalled: false))
        }
      }
      index += 1
    }
    let own = names
    let kept = uses[first...].filter { !own.contains($0.name) }
    uses.replaceSubrange(first..., with: kept)
    return (min(index + 1, end), names)
  }
}
