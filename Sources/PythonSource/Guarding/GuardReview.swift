/// What may be wrong with an edit that the rules of the selection don't see.
struct GuardReview {
  let file: PythonFile
  let selection: Selection
  private(set) var doubts: [GuardEdit.Doubt] = []
  /// Names that only statements under the guard bind.
  private var lost: Set<Int32>

  init(_ selection: Selection) {
    self.selection = selection
    file = selection.file
    var kept = Set<Int32>()
    for (index, unit) in selection.units.enumerated()
    where !selection.moved.contains(index) && !selection.joined.contains(index) {
      kept.formUnion(selection.file.contents[unit.statements].flatMap(\.binds))
    }
    lost = selection.names.subtracting(kept)
    lost.formUnion(changedNames)
    examineStatements()
    examineOrder()
    examineWorkers()
    doubts += RepetitionReview(selection).doubts
    if let encoding = file.namedEncoding, Self.isUnsafe(encoding) {
      doubts.append(.encoding(encoding))
    }
  }

  private func isKept(_ unit: Int) -> Bool {
    !selection.moved.contains(unit) && !selection.joined.contains(unit)
  }

  private func text(_ name: Int32) -> String { file.list.names.string(of: name) }

  private mutating func examineStatements() {
    for index in selection.culprit..<selection.units.count {
      for statement in file.contents[selection.units[index].statements] {
        if statement.importsAll { doubts.append(.importsAll(line: statement.firstLine)) }
        guard selection.moved.contains(index) else { continue }
        if statement.leavesModule { doubts.append(.leavesModule(line: statement.firstLine)) }
        if statement.kind == .function || statement.kind == .classDefinition,
          let name = statement.binds.first
        {
          doubts.append(.movesDefinition(name: text(name), line: statement.firstLine))
        }
        examineBlock(of: statement)
      }
    }
  }

  /// Looks for definitions in a block that moves.
  private mutating func examineBlock(of statement: Statement) {
    guard statement.kind == .other else { return }
    for line in file.list.lines[statement.lines].dropFirst() {
      let tokens = file.list.tokens[line.tokens]
      let head = tokens.first?.isKeyword(.async) == true ? tokens.dropFirst() : tokens
      guard let first = head.first, first.isKeyword(.def) || first.isKeyword(.class),
        let name = head.dropFirst().first, name.kind == .name
      else { continue }
      doubts.append(.movesDefinition(name: text(name.name), line: Int(first.line)))
    }
  }

  /// Names to which what moves gives another value than what stays: itself, or by a function that
  /// it calls and that declares them `global`.
  private var changedNames: Set<Int32> {
    var changed = Set<Int32>()
    var called: [Int32] = []
    for index in selection.moved {
      for statement in file.contents[selection.units[index].statements] {
        if statement.kind == .other { changed.formUnion(statement.binds) }
        called += statement.uses.lazy.filter(\.isCalled).map(\.name)
      }
    }
    var definitions: [Int32: [Statement]] = [:]
    for statement in file.contents where statement.kind == .function {
      for name in statement.binds { definitions[name, default: []].append(statement) }
    }
    var known = Set<Int32>()
    while let name = called.popLast() {
      guard known.insert(name).inserted else { continue }
      for statement in definitions[name] ?? [] {
        changed.formUnion(statement.bindsLater)
        called += statement.uses.lazy.filter(\.isCalled).map(\.name)
      }
    }
    return changed
  }

  /// What stays is executed before what moves, though it may stand below.
  private mutating func examineOrder() {
    var used = Set<Int32>()
    let last = (selection.moved.union(selection.joined)).max() ?? 0
    for index in selection.culprit...max(last, selection.culprit) {
      for statement in file.contents[selection.units[index].statements] {
        if !isKept(index) {
          used.formUnion(statement.binds)
          used.formUnion(statement.uses.lazy.filter { !$0.isDeferred }.map(\.name))
        } else if statement.kind != .importModule, statement.kind != .importFrom,
          let name = statement.binds.first(where: { used.contains($0) })
        {
          doubts.append(.bindsAgain(name: text(name), line: statement.firstLine))
        }
      }
    }
  }

  // MARK: What workers may call

  /// Follows functions that are handed on as values, and classes, into what their bodies need. A
  /// function that is only called where the first process calls it isn't one of them.
  private mutating func examineWorkers() {
    guard !lost.isEmpty || selection.effect != nil else { return }
    var definitions: [Int32: [Statement]] = [:]
    for (index, unit) in selection.units.enumerated() where isKept(index) {
      for statement in file.contents[unit.statements]
      where statement.kind == .function || statement.kind == .classDefinition {
        for name in statement.binds { definitions[name, default: []].append(statement) }
      }
    }
    var next = Array(reachedNames())
    var reached = Set<Int32>()
    var found = Set<Int32>()
    while let name = next.popLast() {
      guard reached.insert(name).inserted else { continue }
      for statement in definitions[name] ?? [] {
        if let late = selection.effect?.lateName(in: statement, file), found.insert(late).inserted {
          doubts.append(.workersNeed(name: text(late), line: statement.firstLine))
        }
        for use in statement.uses where use.isDeferred {
          next.append(use.name)
          if lost.contains(use.name), found.insert(use.name).inserted {
            doubts.append(.workersNeed(name: text(use.name), line: statement.firstLine))
          }
        }
      }
    }
  }

  private func reachedNames() -> Set<Int32> {
    var names = Set<Int32>()
    var classes = Set<Int32>()
    for statement in file.contents where statement.kind == .classDefinition {
      classes.formUnion(statement.binds)
    }
    for (index, unit) in selection.units.enumerated() {
      let isExecuted = index > selection.culprit && isKept(index)
      for statement in file.contents[unit.statements] where isDecorated(statement) {
        names.formUnion(statement.binds)
      }
      for use in file.contents[unit.statements].flatMap(\.uses)
      where !use.isCalled || classes.contains(use.name) || isExecuted && !use.isDeferred {
        names.insert(use.name)
      }
    }
    return names
  }

  /// A decorator may hand its function on: to workers, for all that is known.
  private func isDecorated(_ statement: Statement) -> Bool {
    file.list.tokens[statement.tokens].first?.kind == .at
  }

  // MARK: Encodings

  private static let unsafe = [
    "shift", "sjis", "s_jis", "cp932", "932", "ms932", "mskanji", "gbk", "gb18030", "cp936", "936",
    "ms936", "big5", "cp950", "950", "ms950", "cp949", "949", "ms949", "uhc", "johab", "cp1361",
    "hz", "iso2022", "iso-2022", "csiso2022", "utf7", "utf-7", "utf_7", "u7", "utf-16", "utf16",
  ]

  /// Encodings in which bytes below 0x80 can be parts of other characters.
  private static func isUnsafe(_ encoding: String) -> Bool {
    unsafe.contains { encoding.hasPrefix($0) }
  }
}
