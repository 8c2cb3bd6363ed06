internal import Analysis
internal import Diagnostics
internal import Multiprocessing
internal import TraceModel

/// What the good run's main programs have started, and which scripts its workers import.
///
/// A guard can be lost only where the statement was there before: the main program executed it.
struct GoodMain {
  private let run: ComparedRun
  private let names: PathNames
  private let kinds: ProcessKinds

  init(_ run: ComparedRun, _ names: PathNames) {
    self.run = run
    self.names = names
    kinds = ProcessKinds(run, names)
  }

  /// Whether a main program has started a worker where `callSite` is, or by the statement `culprit`.
  ///
  /// - Parameter names: The names of the bad run's files.
  func hasStartedWorker(
    at callSite: SourceLocation?, by culprit: SourceLocation, _ names: PathNames
  )
    -> Bool
  {
    let sites = started { $0.family == .worker }.compactMap(\.process.site)
    func matches(_ one: SourceLocation?, _ other: SourceLocation?) -> Bool {
      guard let one, let other else { return false }
      return self.names.name(one.path) == names.name(other.path)
        && (one.function == other.function
          || one.trimmedText == other.trimmedText && one.text != nil)
    }
    // A log of strace has no places.
    return sites.isEmpty
      || sites.contains { matches($0.callSite, callSite) || matches($0.culprit, culprit) }
  }

  /// Whether a main program has started something of this kind.
  func hasStarted(_ kind: ProcessKind) -> Bool {
    !started { $0.family == kind.family && $0.target == kind.target }.isEmpty
  }

  /// Whether workers import the script, by the same method.
  ///
  /// - Parameter name: The script's name in both runs.
  func importsInWorkers(_ name: String, _ method: StartMethod?) -> Bool {
    run.report.processes.contains { process in
      guard let script = process.script, script.runsAs == MainModule.nameInWorker else {
        return false
      }
      return names.name(script.path) == name
        && (method == nil || process.startMethod == nil || process.startMethod == method)
    }
  }

  private func started(
    _ isWanted: (ProcessKind) -> Bool
  ) -> [(process: ProcessRecord, kind: ProcessKind)] {
    run.report.processes.compactMap { process in
      guard let parent = process.logicalParent.flatMap({ run.report[process: $0] }),
        parent.script?.runsAs != MainModule.nameInWorker
      else { return nil }
      let kind = kinds.kind(of: process)
      return isWanted(kind) ? (process, kind) : nil
    }
  }
}

extension SourceLocation {
  fileprivate var trimmedText: String? { text.map { String(PythonLine.trimmed($0)) } }
}
