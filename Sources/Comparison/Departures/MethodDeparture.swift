internal import Analysis
internal import Diagnostics
internal import Multiprocessing
internal import TraceModel

/// Workers that are started by another method.
struct MethodDeparture {
  /// How one run starts workers, or tried to.
  struct Side {
    let method: StartMethod
    let choice: StartMethodChoice
    /// Where they were asked for.
    let callSite: SourceLocation?
    /// The process that asked.
    let parent: ProcessRecord?

    init(_ method: StartMethod, of worker: ProcessRecord, in report: RunReport) {
      self.method = method
      choice = StartMethodChoice(of: worker, started: method, in: report)
      callSite = worker.site?.callSite
      parent = worker.logicalParent.flatMap { report[process: $0] }
    }

    /// What a finding says of workers that were perhaps not even started.
    init?(_ finding: Finding, in report: RunReport) {
      guard let method = finding.startMethod else { return nil }
      self.method = method
      choice = StartMethodChoice(of: finding, started: method, in: report)
      callSite = finding.callSite
      let witness = finding.processes.first.flatMap { report[process: $0] }
      parent =
        finding.rule == .unpicklableTarget && witness?.role != .spawnWorker
          && witness?.role != .forkserverWorker
        ? witness : witness?.logicalParent.flatMap { report[process: $0] }
    }
  }

  /// - Parameter isOfSome: Whether other workers of the same place are started as in the good run.
  static func difference(_ good: Side, _ bad: Side, isOfSome: Bool = false) -> Difference {
    var difference = Difference(
      .startMethod,
      "\(name: bad.method.rawValue), not \(name: good.method.rawValue), starts "
        + (isOfSome ? "some of the workers" : "the workers") + owner(bad.parent),
      good: good.choice.sentence ?? "\(name: good.method.rawValue)",
      bad: bad.choice.sentence ?? "\(name: bad.method.rawValue)")
    difference.isExplained = bad.choice.isExplained
    difference.show(bad.callSite ?? good.callSite)
    if good.method == .fork {
      difference.help =
        "such workers inherit nothing that the program has set, and get functions by pickle: use "
        + "functions of a module, arguments or an initializer, or choose \(code: "get_context(\"fork\")")"
    }
    return difference
  }

  private static func owner(_ parent: ProcessRecord?) -> Sentence {
    guard let parent else { return "" }
    if case .module(let name) = PythonCommandLine(parent.arguments).target {
      return " of \(code: "python -m \(name)")"
    }
    return parent.script.map { " of \(path: $0.path)" } ?? ""
  }
}
