import Analysis
internal import Multiprocessing
import TraceModel

/// What the rules say about a script that workers import.
enum MainGuard {
  static let line = "if __name__ == \"__main__\":"
  /// What a frozen program calls first under its guard.
  static let freezeSupport = "multiprocessing.freeze_support()"
}

extension FindingContext {
  /// Why the marked statement is run again.
  var runsAgain: Sentence {
    if finding.isExecutable {
      return
        "runs again in each worker: \(code: MainGuard.freezeSupport) was not called before"
    }
    let importer = isForkserver ? "the forkserver" : "a worker"
    guard finding.isModuleLevel else {
      return "runs again while \(importer) imports \(script)"
    }
    guard finding.isInScript else {
      return "runs again when \(importer) imports \(script), which imports this module"
    }
    let again: Sentence = "runs again when \(importer) imports this file"
    if let statement = finding.culprit?.enclosingStatement, statement.line.contains("__name__") {
      return again + ": the condition of line \(statement.number) holds there too"
    }
    return again + ": it is not under \(code: MainGuard.line)"
  }

  /// Why a worker runs the main script at all.
  var importReason: Sentence {
    "under \(startMethod), each worker imports the main script as \(code: "__mp_main__")"
      + forkImportsNothing
  }

  /// That nothing is imported under fork, for a program that ran so until its Python was a newer
  /// one.
  var forkImportsNothing: Sentence {
    guard finding.startMethod == .forkserver, let python = finding.python,
      python >= PythonVersion(major: 3, minor: 14)
    else { return "" }
    return "; under fork, \(isForkserver ? "nothing" : "none") does"
  }

  /// What to do if a worker doesn't find what it was asked to run; nil for other deaths.
  func adviceOnLookup(_ end: WorkerEnd) -> Sentence? {
    guard case .exception(let traceback) = end.reason,
      traceback.isFailedLookup || end.culprit == nil && traceback.lacksAttribute
    else { return nil }
    return
      "move the code that the workers run into a module that they can import: a main program that is "
      + "a folder, an archive, \(code: "-c"), standard input or \(code: "python -m package") is not "
      + "imported again"
  }

  /// What to do if a worker can't import the main script a second time.
  var adviceOnImport: Sentence {
    "make sure that \(script) can be imported a second time: put code that may run only once under "
      + "\(code: MainGuard.line)"
  }
}
