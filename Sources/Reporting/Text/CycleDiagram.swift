import Analysis
import TraceModel

/// The way round the cycle: who runs which line, from the start of the workers back to it.
struct CycleDiagram {
  let context: FindingContext
  let gutter: Gutter

  /// A place on the way, and what happens there.
  private struct Step {
    var location: String
    var text: String
    /// The program's text there, appended where there is room for it.
    var source: String?
  }

  /// How many columns the places take at most.
  private static let locationWidth = 28

  func lines() -> [StyledLine] {
    let steps = self.steps()
    let locationWidth = steps.map { DisplayText.width(of: $0.location) }.max() ?? 0
    let indent = String(repeating: " ", count: gutter.digits + 1)
    var lines: [StyledLine] = []
    for (index, step) in steps.enumerated() {
      let room = gutter.style.width - indent.count - 4 - locationWidth - 2
      let padding = String(
        repeating: " ", count: locationWidth - DisplayText.width(of: step.location) + 2)
      let parts = gutter.wrap(text(of: step, in: room), to: room)
      for (partIndex, part) in parts.enumerated() {
        let isFirst = partIndex == 0
        let rail = rail(step: index, of: steps.count, isFirstLine: isFirst)
        var line = StyledLine(indent + rail, .error)
        line.append(isFirst ? step.location : String(repeating: " ", count: locationWidth), .strong)
        line.append((isFirst ? padding : "  ") + part)
        lines.append(line)
      }
    }
    return lines
  }

  private func rail(step: Int, of count: Int, isFirstLine: Bool) -> String {
    let isLast = step == count - 1
    return switch (isFirstLine, step, isLast) {
    case (true, 0, _): context.style.unicode ? "╭─> " : "+-> "
    case (true, _, true): context.style.unicode ? "╰── " : "+-- "
    case (false, _, true): "    "
    default: context.style.unicode ? "│   " : "|   "
    }
  }

  private func text(of step: Step, in room: Int) -> String {
    guard let source = step.source else { return step.text }
    let left = room - DisplayText.width(of: step.text) - 4
    guard left >= 16 else { return step.text }
    return step.text + ": `" + context.style.clippedAtEnd(source, to: left) + "`"
  }

  // MARK: Steps

  private func steps() -> [Step] {
    [firstRun(), start(), secondRun()].compactMap(\.self)
  }

  /// The first time that the script is run.
  private func firstRun() -> Step {
    let who =
      switch (context.parent, context.parent?.role) {
      case (nil, _): "a process that was not seen"
      case (let parent?, .spawnWorker), (let parent?, .forkserverWorker):
        "worker \(parent.pid.rawValue)"
      case (let parent?, _): parent.pid.shown
      }
    let isWorker = context.parent?.role.isReexecutingWorker == true
    let name = isWorker ? "__mp_main__" : "__main__"
    let start = isStartHere ? " and \(startText)" : ""
    return Step(
      location: location(context.finding.script?.path, context.parentScriptLine),
      text: "\(who) runs it as `\(name)`\(start)")
  }

  /// Whether the script's own line starts the workers, or the place where that happens is unknown.
  private var isStartHere: Bool {
    guard let site = context.parentCallSite else { return true }
    return site.isModule && site.line == context.parentScriptLine
      && context.absolute(site.path, in: context.parent) == context.finding.script?.path
  }

  /// The start of the workers, where it is in another place than the script's line.
  private func start() -> Step? {
    guard let site = context.parentCallSite, !isStartHere else { return nil }
    let function = name(of: site, to: 24)
    let who = site.isModule ? "" : function + (function.hasSuffix(">") ? " " : "() ")
    let culprit = context.finding.culprit
    let isMarked = site.line == culprit?.line && site.source == culprit?.source
    let source = isMarked ? nil : site.source.map { PythonLine.trimmed($0.line) }
    return Step(
      location: location(context.absolute(site.path, in: context.parent), site.line),
      text: who + startText,
      source: source.flatMap { $0.isEmpty ? nil : context.style.printable($0) })
  }

  /// The function's name: a qualified one whole, or else the last part of it.
  private func name(of site: PythonFrame, to width: Int) -> String {
    let name = context.style.printable(site.shownName)
    if DisplayText.width(of: name) <= width { return name }
    return context.style.clippedAtEnd(context.style.printable(site.function), to: width)
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

  /// The second time, and how far it comes.
  private func secondRun() -> Step {
    let others = context.finding.processes.count - 1
    let pid = context.witness.map { " \($0.pid.rawValue)" } ?? ""
    let who =
      switch (context.isForkserver, others) {
      case (true, _): "forkserver\(pid)"
      case (false, ...0): pid.isEmpty ? "a worker" : "worker\(pid)"
      case (false, _): "worker\(pid) and \(others) more"
      }
    let runs = others > 0 && !context.isForkserver ? "run" : "runs"
    return Step(
      location: location(context.finding.script?.path, context.witnessScriptLine),
      text: "\(who) \(runs) it again as `__mp_main__`, \(reach)")
  }

  private var reach: String {
    let finding = context.finding
    guard let culprit = finding.culprit, culprit.line != nil else {
      return "and tries to start workers"
    }
    guard context.isInScript else {
      return "up to " + location(culprit.path, culprit.line)
    }
    return context.isSameWay ? "up to the same line" : "up to this line"
  }

  private func location(_ path: String?, _ line: Int?) -> String {
    path.map { context.paths.location($0, line, to: Self.locationWidth) } ?? "the main script"
  }
}
