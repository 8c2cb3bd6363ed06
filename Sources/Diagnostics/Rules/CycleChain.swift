import Analysis
internal import Multiprocessing
import TraceModel

/// The way around a re-execution cycle: which process runs which line, from the start of the workers
/// back to it.
struct CycleChain {
  let context: FindingContext

  var chain: Diagnostic.Chain {
    Diagnostic.Chain(
      .reexecution, isClosed: true, steps: [firstRun, start, secondRun].compactMap(\.self))
  }

  /// The first run of the script.
  private var firstRun: Diagnostic.Chain.Step {
    let parent = context.parent
    let isWorker = parent?.role.isReexecutingWorker == true
    let runner =
      switch parent {
      case nil: "a process that was not seen"
      case let parent? where isWorker: "worker \(parent.pid.rawValue)"
      case let parent?: parent.pid.shown
      }
    let name = isWorker && !context.finding.isExecutable ? MainModule.nameInWorker : MainModule.name
    let start = isStartHere ? " and \(startText)" : ""
    return Diagnostic.Chain.Step(
      .runs, process: parent?.id, place: scriptPlace(context.parentScriptLine),
      "\(runner) runs it as \(code: name)\(start)")
  }

  /// Whether the script's own line starts the workers, or the place where that happens is unknown.
  private var isStartHere: Bool {
    guard let site = context.parentCallSite else { return true }
    return site.isModule && site.line == context.parentScriptLine
      && context.report.absolute(site.path, in: context.parent) == context.finding.script?.path
  }

  /// The start of the workers, if it isn't at the script's line.
  private var start: Diagnostic.Chain.Step? {
    guard let site = context.parentCallSite, !isStartHere else { return nil }
    let function: Sentence = "\(function: site.shownName, short: site.function)"
    let starter: Sentence =
      site.isModule ? "" : function + (site.shownName.hasSuffix(">") ? " " : "() ")
    let culprit = context.finding.culprit
    let isMarked = site.line == culprit?.line && site.source == culprit?.source
    let source = isMarked ? nil : site.source.map { PythonLine.trimmed($0.line) }
    return Diagnostic.Chain.Step(
      .starts, process: context.parent?.id,
      place: Place(
        path: context.report.absolute(site.path, in: context.parent), line: site.line),
      starter + "\(startText)", source: source.flatMap { $0.isEmpty ? nil : $0 })
  }

  private var startText: String {
    let count = context.workers.count
    let workers =
      switch count {
      case 0: "workers"
      case 1: "1 worker"
      default: "\(count) workers"
      }
    let method = context.finding.startMethod.map { " (\($0.rawValue))" } ?? ""
    let isOver = count == 0 || context.parent?.endedAt != nil
    return isOver ? "starts \(workers)\(method)" : "has started \(workers) so far\(method)"
  }

  /// The second run, and how far it comes.
  private var secondRun: Diagnostic.Chain.Step {
    let others = context.finding.processes.count - 1
    let pid = context.witness.map { " \($0.pid.rawValue)" } ?? ""
    let runner =
      switch (context.isForkserver, others) {
      case (true, _): "forkserver\(pid)"
      case (false, ...0): pid.isEmpty ? "a worker" : "\(witness)\(pid)"
      case (false, _): "\(witness)\(pid) and \(others) more"
      }
    let runs = others > 0 && !context.isForkserver ? "run" : "runs"
    let name = context.finding.isExecutable ? MainModule.name : MainModule.nameInWorker
    return Diagnostic.Chain.Step(
      .runsAgain, process: context.witness?.id, place: scriptPlace(context.witnessScriptLine),
      "\(runner) \(runs) it again as \(code: name), \(reach)")
  }

  private var witness: String {
    context.witness?.role == .resourceTracker ? "resource tracker" : "worker"
  }

  private var reach: Sentence {
    guard let culprit = context.finding.culprit, culprit.line != nil else {
      return "and tries to start workers"
    }
    guard context.finding.isInScript else { return "up to \(place: culprit.place)" }
    return context.isSameWay ? "up to the same line" : "up to this line"
  }

  private func scriptPlace(_ line: Int?) -> Place? {
    context.finding.script.map { Place(path: $0.path, line: line) }
  }
}
