internal import PythonSource
internal import TraceModel

extension ProposedFix.Doubt {
  /// - Parameter path: The file, if it isn't the fault's.
  static func all(of doubt: GuardEdit.Doubt, in path: String?) -> [ProposedFix.Doubt] {
    func one(_ kind: Kind, _ name: String? = nil, _ line: Int? = nil) -> [ProposedFix.Doubt] {
      [ProposedFix.Doubt(kind, name: name, line: line, path: path)]
    }
    return switch doubt {
    case .guardHasElse(let line): one(.guardHasElse, nil, line)
    case .importsAll(let line): one(.importsAll, nil, line)
    case .leavesModule(let line): one(.leavesModule, nil, line)
    case .movesDefinition(let name, let line): one(.movesDefinition, name, line)
    case .workersNeed(let name, let line): one(.workersNeed, name, line)
    case .bindsAgain(let name, let line): one(.bindsAgain, name, line)
    case .importIsConditional(let line): one(.importIsConditional, nil, line)
    case .readsNamespace(let name, let line): one(.readsNamespace, name, line)
    case .exportsMoved(let name, let line): one(.exportsMoved, name, line)
    case .dropsAnnotation(let name, let line): one(.dropsAnnotation, name, line)
    case .bindsLater(let names): names.flatMap { one(.bindsLater, $0) }
    case .repeats(let line): one(.repeats, nil, line)
    case .ownCopy(let name, let line): one(.ownCopy, name, line)
    case .encoding(let name): one(.encoding, name)
    }
  }
}
