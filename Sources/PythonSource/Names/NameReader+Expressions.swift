// Expressions, from their tokens alone.
extension NameReader {
  /// Reads an expression, or several, into `uses` and `binds`. Returns the index of what ends it.
  mutating func scan(from start: Int, to end: Int, _ options: ScanOptions = []) -> Int {
    frames.removeAll(keepingCapacity: true)
    var base = Frame(kind: .statement, usesStart: uses.count)
    if options.contains(.targets) { base.target = .statement }
    if options.contains(.loop) {
      base.target = .statement
      base.phase = .loopTargets
    }
    if options.contains(.parameters) {
      base.kind = .parameters
      base.phase = .parameter
    }
    frames.append(base)
    var index = start
    while index < end {
      let token = list.tokens[index]
      while frames[frames.count - 1].kind == .lambdaBody, endsLambda(token) { closeFrame() }
      let top = frames.count - 1
      switch token.kind {
      case .name: readName(token, at: index, start, end)
      case .keyword: guard readKeyword(token) else { return end }
      case .parenOpen, .squareOpen, .braceOpen, .fieldOpen:
        let isTrailer =
          index > start
          ? list.tokens[index - 1].isOperand : options.contains(.callsFirst)
        guard openFrame(token.kind, isTrailer) else { return end }
      case .parenClose, .squareClose, .braceClose, .fieldClose:
        if top == 0 {
          endAnnotation()
          if options.contains(.parameters) { return index }
          isWhole = false
        } else {
          closeFrame()
        }
      case .colon:
        if top == 0, options.contains(.stopsAtColon) { return index }
        readColon()
      case .semicolon where top == 0: return index
      case .comma: readComma()
      case .equal: endAnnotation()
      default: break
      }
      index += 1
    }
    while frames.count > 1 { closeFrame() }
    return end
  }

  // MARK: Names

  private mutating func readName(_ token: Token, at index: Int, _ start: Int, _ end: Int) {
    let previous = index > start ? list.tokens[index - 1].kind : .other
    if previous == .dot { return }
    let next = index + 1 < end ? list.tokens[index + 1].kind : .other
    let top = frames.count - 1
    if frames[top].phase == .parameter {
      frames[top].local.append(token.name)
    } else if frames[top].kind == .call, next == .equal,
      previous == .parenOpen || previous == .comma
    {
      return
    } else if next == .walrus {
      bindWalrus(token.name)
    } else if let target = frames[top].target, next != .dot, next != .parenOpen,
      next != .squareOpen
    {
      switch target {
      case .statement: binds.append(token.name)
      case .comprehension(let frame): frames[frame].local.append(token.name)
      }
    } else {
      uses.append(NameUse(name: token.name, isDeferred: false, isCalled: next == .parenOpen))
    }
  }

  /// A comprehension leaves the name to what it is in; a lambda keeps it.
  private mutating func bindWalrus(_ name: Int32) {
    if let lambda = frames.lastIndex(where: { $0.kind == .lambdaBody }) {
      frames[lambda].local.append(name)
    } else {
      binds.append(name)
    }
  }

  /// False if lambdas are in each other deeper than is followed.
  private mutating func readKeyword(_ token: Token) -> Bool {
    let top = frames.count - 1
    switch Word(rawValue: token.name) {
    case .lambda:
      frames.append(
        Frame(kind: .lambdaParameters, phase: .parameter, usesStart: uses.count))
      if frames.count > Self.depthLimit {
        isWhole = false
        return false
      }
    case .for where top > 0:
      endFirstIterable()
      frames[top].isComprehension = true
      frames[top].phase = .loopTargets
      frames[top].target = .comprehension(top)
    case .in where frames[top].phase == .loopTargets:
      frames[top].phase = .value
      frames[top].target = nil
      if frames[top].isComprehension, frames[top].firstIterableStart == nil {
        frames[top].firstIterableStart = uses.count
      }
    case .if:
      endFirstIterable()
      frames[top].conditions += 1
    case .else: frames[top].conditions -= 1
    case .as:
      frames[top].phase = .alias
      frames[top].target = .statement
    case .await, .yield:
      let isInLambda = frames.contains { $0.kind == .lambdaBody }
      if !isInFunction, !isInLambda { current?.leavesModule = true }
    default: break
    }
    return true
  }

  // MARK: Frames

  /// False if brackets are in each other deeper than Python allows.
  private mutating func openFrame(_ kind: Token.Kind, _ isTrailer: Bool) -> Bool {
    guard frames.count <= Self.depthLimit else {
      isWhole = false
      return false
    }
    var frame = Frame(kind: .group, usesStart: uses.count)
    switch kind {
    case .parenOpen where isTrailer: frame.kind = .call
    case .squareOpen where isTrailer: frame.kind = .index
    case .fieldOpen: frame.kind = .field
    default: frame.target = frames[frames.count - 1].target
    }
    frames.append(frame)
    return true
  }

  private mutating func closeFrame() {
    if frames[frames.count - 1].kind == .lambdaBody {
      let frame = frames.removeLast()
      keepUses(from: frame.usesStart, without: frame.local, defers: true)
      return
    }
    endFirstIterable()
    let frame = frames.removeLast()
    if frame.isComprehension {
      keepUses(from: frame.usesStart, without: frame.local, except: frame.firstIterable)
    }
  }

  private mutating func endFirstIterable() {
    let top = frames.count - 1
    if let start = frames[top].firstIterableStart, frames[top].firstIterable == nil {
      frames[top].firstIterable = start..<uses.count
    }
  }

  /// Drops the uses of names that only the frame knows.
  private mutating func keepUses(
    from start: Int, without local: [Int32], except kept: Range<Int>? = nil, defers: Bool = false
  ) {
    marks.clear()
    marks.insert(local)
    var next = start
    for index in start..<uses.count {
      let isOutside = kept?.contains(index) ?? false
      if !isOutside, marks.contains(uses[index].name) { continue }
      uses[next] = uses[index]
      if defers { uses[next].isDeferred = true }
      next += 1
    }
    uses.removeSubrange(next...)
  }

  private func endsLambda(_ token: Token) -> Bool {
    switch token.kind {
    case .comma, .colon, .equal, .semicolon: true
    case .keyword:
      switch Word(rawValue: token.name) {
      case .for, .async, .as, .from: true
      case .else: frames[frames.count - 1].conditions <= 0
      default: false
      }
    default: token.kind.closes
    }
  }

  // MARK: Punctuation

  private mutating func readColon() {
    let top = frames.count - 1
    if frames[top].kind == .lambdaParameters {
      frames[top].kind = .lambdaBody
      frames[top].phase = .value
      frames[top].usesStart = uses.count
    } else if frames[top].kind == .parameters, frames[top].phase == .parameter {
      frames[top].phase = .annotation
      frames[top].annotationStart = uses.count
    }
  }

  private mutating func readComma() {
    let top = frames.count - 1
    endAnnotation()
    switch frames[top].kind {
    case .parameters, .lambdaParameters: frames[top].phase = .parameter
    default:
      if frames[top].phase == .alias {
        frames[top].phase = .value
        frames[top].target = nil
      }
    }
  }

  /// Ends a parameter's annotation, and its name: what follows `=` is a value.
  private mutating func endAnnotation() {
    let top = frames.count - 1
    if frames[top].phase == .annotation, defersAnnotations {
      uses.removeSubrange(frames[top].annotationStart...)
    }
    switch frames[top].kind {
    case .parameters, .lambdaParameters: frames[top].phase = .value
    default: break
    }
  }
}

// Parameters, and assignments.
extension NameReader {
  /// Reads the parameters of a `def` from their bracket on; returns the index behind it.
  mutating func readParameters(from start: Int, to end: Int) -> (Int, [Int32]) {
    let close = scan(from: start + 1, to: end, .parameters)
    return (min(close + 1, end), frames[0].local)
  }

  /// Reads an expression or an assignment of any form.
  mutating func readAssignment(from start: Int, to end: Int) -> Int {
    var part = start
    var depth = 0
    var isAnnotated = false
    var index = start
    loop: while index < end {
      let token = list.tokens[index]
      switch token.kind {
      case .semicolon: break loop
      case .keyword where token.name == Word.lambda.rawValue: break loop
      case .colon where depth == 0 && !isAnnotated:
        _ = scan(from: part, to: index, .targets)
        isAnnotated = true
        part = index + 1
      case .equal where depth == 0:
        if isAnnotated { noteAnnotation(start, to: index, hasValue: true) }
        readPart(from: part, to: index, isAnnotation: isAnnotated)
        isAnnotated = false
        part = index + 1
      case .augmented where depth == 0:
        _ = scan(from: part, to: index, .targets)
        _ = scan(from: part, to: index)
        part = index + 1
      default:
        if token.kind.opens { depth += 1 }
        if token.kind.closes { depth -= 1 }
      }
      index += 1
    }
    let first = uses.count
    let last = scan(from: part, to: end)
    if isAnnotated { noteAnnotation(start, to: last, hasValue: false) }
    // An equals sign behind the lambda isn't looked for.
    if isAnnotated, index < last { current?.isOnlyForModules = true }
    if isAnnotated, defersAnnotations { uses.removeSubrange(first...) }
    return last
  }

  private mutating func noteAnnotation(_ start: Int, to end: Int, hasValue: Bool) {
    guard scopes.isEmpty, list.tokens[start].kind == .name, start + 1 < end,
      list.tokens[start + 1].kind == .colon, current?.annotations.last?.tokens.lowerBound != start
    else { return }
    current?.annotations.append(
      Annotation(name: list.tokens[start].name, tokens: start..<end, hasValue: hasValue))
  }

  private mutating func readPart(from start: Int, to end: Int, isAnnotation: Bool) {
    guard isAnnotation else {
      _ = scan(from: start, to: end, .targets)
      return
    }
    let first = uses.count
    _ = scan(from: start, to: end)
    if defersAnnotations { uses.removeSubrange(first...) }
  }
}
