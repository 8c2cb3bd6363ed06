// Edits of modules. A guard is no help there: `__name__` is the same in each process.
extension PythonFile {
  /// The edit that brings the statement with that line into a function, with all below that needs
  /// it. The main script has to call the function: `callEdit` makes that edit.
  package func functionEdit(forLine line: Int) -> ModuleProposal {
    let units = Unit.all(of: self)
    switch position(ofLine: line, in: units) {
    case .advice(let advice): return .advice(advice)
    case .guarded: return .advice(.alreadyGuarded)
    case .unit(let culprit):
      return functionEdit(for: Selection(self, units, culprit: culprit))
    }
  }

  /// The same for a module that imports the edited one, and needs what its function does: calls the
  /// function in one of its own, before all that needs it. The import is the statement with that
  /// line.
  package func functionEdit(
    importLine line: Int, calling function: StartFunction
  ) -> ModuleProposal {
    let units = Unit.all(of: self)
    switch position(ofLine: line, in: units) {
    case .advice(let advice): return .advice(advice)
    case .guarded: return .advice(.alreadyGuarded)
    case .unit(let unit):
      var effect = ImportEffect(of: units[unit], calling: function, in: self)
      // A module is imported for its names: only what needs the call moves.
      effect.hasGuard = true
      let selection = Selection(self, units, culprit: unit, effect: effect)
      if selection.moved.isEmpty { return .advice(.nothingMoves) }
      return functionEdit(
        for: selection, first: statements(calling: function, effect, in: startName),
        doubts: doubts(ofImport: units[unit]))
    }
  }

  private var startName: String { newName(like: "start_workers") }

  private func functionEdit(
    for selection: Selection, first: FirstStatements? = nil, doubts: [GuardEdit.Doubt] = []
  ) -> ModuleProposal {
    let moved = selection.moved.sorted().flatMap { selection.units[$0].statements }
    let statements = moved.map { contents[$0] }
    let unfit = statements.first {
      $0.isOnlyForModules || $0.importsAll || $0.kind == .importFuture
    }
    if let unfit { return .advice(.onlyForModules(line: unfit.firstLine)) }
    var known = Set<Int32>()
    let names = statements.flatMap(\.binds).filter { known.insert($0).inserted }
    let name = startName
    let layout = FunctionLayout(
      selection, name: Array(name.utf8), names: names,
      annotations: statements.flatMap(\.annotations), first: first)
    let edit = GuardEdit(
      edits: layout.edits,
      doubts: doubts + GuardReview(selection).doubts
        + FunctionReview(selection, names: names).doubts,
      moved: moved)
    return .edit(
      ModuleEdit(
        edit: keepingMark(edit), function: name,
        names: names.map { Array(list.names.bytes(of: $0)) }))
  }
}
