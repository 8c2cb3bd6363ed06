/// Which statements go under the guard, or into a function, with one of them.
///
/// The statement goes as a whole, and so does everything below it, except definitions and imports,
/// also in `try` and `if`, that need nothing of what has moved. What stands above stays, as do
/// settings of `sys.path` and `os.environ` that nothing moved has to do with, and constants that
/// definitions use: workers need them.
///
/// What an imported module did may be done by a call instead. Then the import stays, but for names
/// that the module has only after the call, and definitions stay that don't need these. If the file
/// has a guard, what is outside of it is meant for workers, and moves only if it uses the module.
struct Selection {
  let file: PythonFile
  let units: [Unit]
  /// The first unit that moves, or the import.
  let culprit: Int
  /// The units that move, but for guards that are joined.
  private(set) var moved = Set<Int>()
  /// The guards below that what moves goes into.
  private(set) var joined = Set<Int>()
  /// Names that only what moves binds, or what stays, too.
  private(set) var names = Set<Int32>()
  /// What a call below the first unit, which is an import, does in place of the import.
  let effect: ImportEffect?
  /// The settings that what moves relies on, or makes.
  private var settings = Set<Setting>()

  init(_ file: PythonFile, _ units: [Unit], culprit: Int, effect: ImportEffect? = nil) {
    self.effect = effect
    self.file = file
    self.units = units
    self.culprit = culprit
    let used = Self.namesOfDefinitions(file)
    for index in culprit..<units.count {
      let statements = file.contents[units[index].statements]
      if index > culprit {
        if statements.count == 1, statements.first?.kind == .mainGuard {
          joined.insert(index)
          names.formUnion(statements.flatMap(\.allBinds))
          continue
        }
        if statements.allSatisfy({ stays($0, used) }) { continue }
      } else if let effect {
        let isImport = statements.count == 1 && !effect.importsLate(statements.first, in: file)
        if isImport || statements.allSatisfy({ stays($0, used) }) { continue }
      }
      moved.insert(index)
      names.formUnion(statements.flatMap(\.allBinds))
      for statement in statements { settings.formUnion(file.settings(in: statement)) }
    }
  }

  private func stays(_ statement: Statement, _ used: Set<Int32>) -> Bool {
    let needsMoved = statement.uses.contains { !$0.isDeferred && names.contains($0.name) }
    if needsMoved { return false }
    let isDefinition =
      statement.isDefinition || file.isBlockOfDefinitions(statement)
      || file.isConstant(statement.tokens)
        && statement.binds.contains { used.contains($0) || file.isSpecial($0) }
    if let effect {
      if effect.isNeeded(by: statement, isDefinition: isDefinition, in: file) { return false }
      if effect.hasGuard { return true }
    }
    if let setting = file.setting(of: statement) { return !settings.contains(setting) }
    return isDefinition
  }

  private static func namesOfDefinitions(_ file: PythonFile) -> Set<Int32> {
    var names = Set<Int32>()
    for statement in file.contents
    where statement.kind == .function || statement.kind == .classDefinition {
      names.formUnion(statement.uses.map(\.name))
    }
    return names
  }
}
