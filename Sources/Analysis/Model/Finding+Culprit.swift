internal import Multiprocessing
package import TraceModel

// What the culprit is, and whether a guard mends it.
extension Finding {
  /// The frame of the proof's stack that is at this place.
  package func frame(at place: SourceLocation) -> PythonFrame? {
    stack.first {
      $0.path == place.path && $0.line == place.line && $0.function == place.function
    }
  }

  /// The `__name__` of the culprit's module, if it is known.
  package var culpritModule: String? {
    culprit.flatMap(frame)?.module
  }

  /// Whether the culprit is a statement of the script itself, by whatever name that was reached.
  package var isInScript: Bool {
    guard let culprit else { return false }
    return culprit.path == script?.path || culpritModule == MainModule.nameInWorker
      || culpritModule == MainModule.name
  }

  /// Whether the culprit is a statement of a module, not of a function.
  package var isModuleLevel: Bool {
    culprit?.function == "<module>"
  }

  /// Whether a frozen program's executable runs main again.
  package var isExecutable: Bool {
    if case .executable = cycle { true } else { false }
  }

  /// Whether the fault goes when the culprit runs in the first process alone.
  package var isMendedByGuard: Bool {
    switch detail {
    case .cycle, .work: true
    case .nesting: isModuleLevel
    case .neverRan: culprit?.line != nil
    case .respawn(let end, _), .workerEnd(let end):
      switch end.reason {
      case .exit: end.phase == .boot && end.culprit?.line != nil
      case .exception:
        end.phase == .boot && end.culprit?.line != nil && isModuleLevel && !isOfImport
      case .signal: false
      }
    default: false
    }
  }

  /// Whether the culprit is an import: it fails for another reason than that it is executed twice.
  private var isOfImport: Bool {
    let line = culprit?.source?.line.drop { $0 == " " || $0 == "\t" } ?? ""
    return line.hasPrefix("import ") || line.hasPrefix("from ")
  }
}

extension ProposedFix {
  /// Whether the edit was made for this finding's culprit.
  package func mends(_ finding: Finding) -> Bool {
    finding.isMendedByGuard && path == finding.culprit?.path && line == finding.culprit?.line
      && (form == .freeze) == finding.isExecutable
  }
}
