internal import PythonSource
internal import TraceModel

extension ProposedFix.Doubt {
  init(_ doubt: GuardEdit.Doubt) {
    switch doubt {
    case .guardHasElse(let line): self.init(.guardHasElse, line: line)
    case .importsAll(let line): self.init(.importsAll, line: line)
    case .leavesModule(let line): self.init(.leavesModule, line: line)
    case .movesDefinition(let name, let line):
      self.init(.movesDefinition, name: name, line: line)
    case .workersNeed(let name, let line): self.init(.workersNeed, name: name, line: line)
    case .bindsAgain(let name, let line): self.init(.bindsAgain, name: name, line: line)
    case .encoding(let name): self.init(.encoding, name: name)
    }
  }
}
