internal import Analysis
internal import Diagnostics
internal import Multiprocessing
internal import TraceModel

/// Findings that one run has and the other hasn't.
struct FindingDepartures {
  let good: ComparedRun
  let bad: ComparedRun
  let paths: (good: PathNames, bad: PathNames)
  let goodMain: GoodMain

  var differences: [Difference] {
    let known = Set(good.report.findings.map { Key($0, paths.good) })
    let seen = Set(bad.report.findings.map { Key($0, paths.bad) })
    let new = bad.report.findings.filter { !known.contains(Key($0, paths.bad)) }
    let gone = good.report.findings.filter { !seen.contains(Key($0, paths.good)) }
    return new.flatMap(added) + gone.map(missing)
  }

  /// The fault, whatever the checkout, the lines, the start method and the Python.
  private struct Key: Hashable {
    let rule: Rule
    let places: [FaultPlace]
    let circumstance: String?

    init(_ finding: Finding, _ paths: PathNames) {
      rule = finding.rule
      places = finding.identity.places.map {
        FaultPlace(
          path: paths.name($0.path), function: $0.function, text: $0.source?.line)
      }
      circumstance = finding.identity.circumstance
    }
  }

  private func added(_ finding: Finding) -> [Difference] {
    var difference = Self.difference(finding, "the bad run alone")
    difference.bad = "\(finding.title)"
    difference.badProcesses = finding.processes
    difference.rank = finding.severity == .error ? 0 : 1
    return [difference] + [cause(of: finding)].compactMap(\.self)
  }

  private func missing(_ finding: Finding) -> Difference {
    var difference = Self.difference(finding, "the good run alone")
    difference.good = "\(finding.title)"
    difference.goodProcesses = finding.processes
    difference.rank = 2
    return difference
  }

  private static func difference(_ finding: Finding, _ run: Sentence) -> Difference {
    var difference = Difference(
      .finding,
      "\(finding.severity.rawValue)[\(finding.rule.rawValue)] in " + run + ": \(finding.title)")
    difference.show(finding.culprit ?? finding.callSite)
    return difference
  }

  /// What has changed in the source that a cycle shows: nil if it shows nothing of that kind.
  private func cause(of finding: Finding) -> Difference? {
    guard let culprit = finding.culprit, culprit.function == "<module>", let script = finding.script
    else { return nil }
    var difference: Difference
    if culprit.path != script.path {
      guard finding.rule == .reexecCycle || finding.rule == .reexecSideEffect else { return nil }
      difference = ProcessDepartures.startAtImport(culprit)
    } else {
      guard goodMain.importsInWorkers(paths.bad.name(script.path), finding.startMethod),
        finding.isExitOfImport
          || finding.rule == .reexecCycle
            && goodMain.hasStartedWorker(at: finding.callSite, by: culprit, paths.bad)
      else { return nil }
      difference = ProcessDepartures.lostGuard(culprit)
    }
    difference.bad = "\(finding.title)"
    difference.badProcesses = finding.processes
    return difference
  }
}

extension Finding {
  /// Whether a statement ended a worker that imported main, by an exit: workers that import the same
  /// and live on don't execute it. An exception may have another reason.
  fileprivate var isExitOfImport: Bool {
    guard rule == .neverRan || rule == .respawnLoop, let end = workerEnd ?? exitEnd,
      case .exit = end.reason, end.phase == .boot
    else { return false }
    return true
  }

  private var exitEnd: WorkerEnd? {
    switch detail {
    case .respawn(let end, _), .neverRan(let end, _): end
    default: nil
    }
  }
}
