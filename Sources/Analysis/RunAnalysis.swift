package import TraceModel

/// Everything that is made of the events of one run: live, replayed or imported, it is the same.
package struct RunAnalysis: Sendable {
  package private(set) var forest = ProcessForest()
  private var cycles: ReexecCycle
  private var bomb: ForkBomb
  private var deadlock = Deadlock()
  private var ends = WorkerEnds()
  private var loops: RespawnLoop
  private var subprocesses: SubprocessCycle
  private var selfExecutions: SelfExecLoop
  private var sideEffects = ReexecSideEffect()
  private var crashes = WorkerCrash()
  private var unpicklable = UnpicklableTarget()
  private var blindSpots = BlindSpots()
  /// The processes that findings name, and how often they do.
  private var told: Set<Int> = []
  private var toldCount = 0
  private var events: UInt64 = 0
  private var rootTermination: Termination?
  /// Whether the tree was ended before its time, so that how it ended tells nothing.
  private var wasStopped = false
  private let isFromLog: Bool

  /// - Parameters:
  ///   - limits: What the rules let pass.
  ///   - evidence: What is believed of a start.
  ///   - isFromLog: Whether somebody else wrote the events down, without stacks and perhaps not all:
  ///     nothing that follows from them is more than likely.
  package init(
    limits: Limits, evidence: ReexecCycle.Evidence = .all, isFromLog: Bool = false
  ) {
    self.isFromLog = isFromLog
    bomb = ForkBomb(limit: limits.maxProcesses, nestingLimit: limits.maxNesting)
    loops = RespawnLoop(limit: limits.maxGenerations)
    subprocesses = SubprocessCycle(limit: limits.maxRepeats)
    selfExecutions = SelfExecLoop(limit: limits.maxRepeats)
    cycles = ReexecCycle(evidence: evidence)
  }

  /// Takes in one event and returns what it proves that wasn't known.
  package mutating func observe(_ event: Event) -> [Finding] {
    events += 1
    forest.apply(event)
    blindSpots.observe(event, in: forest)
    if case .exited(let termination) = event.kind, rootTermination == nil,
      forest.root?.termination != nil
    {
      rootTermination = termination
      if !wasStopped {
        cycles.conclude(termination)
        crashes.conclude(termination)
        unpicklable.conclude(termination)
      }
    }
    var result: [Finding] = []
    if let finding = cycles.observe(event, in: forest) { result.append(finding) }
    if let finding = bomb.observe(event, in: forest) { result.append(finding) }
    if let finding = deadlock.observe(event, in: forest) { result.append(finding) }
    // What happens while the tree is being ended is spawntrace's own doing.
    if !wasStopped { result += judge(event) }
    if case .exited = event.kind, forest.isFull, let id = forest.lastEnded {
      // Asked for each end of a long run, most of which have no finding.
      if hasFindings {
        let (all, count) = (allFindings, toldCount)
        toldCount = all.reduce(0) { $0 + $1.reduce(0) { $0 + $1.processes.count } }
        if toldCount != count { told = Set(all.joined().flatMap(\.processes)) }
        let told = told
        forest.forget(id) { told.contains($0) }
      } else {
        forest.forget(id) { _ in false }
      }
    }
    return isFromLog ? result.map(inferred) : result
  }

  private var allFindings: [[Finding]] {
    [
      cycles.findings, bomb.findings, loops.findings, subprocesses.findings,
      selfExecutions.findings, sideEffects.findings, crashes.findings, unpicklable.findings,
    ]
  }

  private var hasFindings: Bool {
    !(cycles.findings.isEmpty && bomb.findings.isEmpty && loops.findings.isEmpty
      && subprocesses.findings.isEmpty && selfExecutions.findings.isEmpty
      && sideEffects.findings.isEmpty && crashes.findings.isEmpty && unpicklable.findings.isEmpty)
  }

  /// Asks the rules that look at beginnings, ends and texts.
  private mutating func judge(_ event: Event) -> [Finding] {
    var result: [Finding?] = []
    switch event.kind {
    case .started(let start):
      if event.stack == nil, start.maker == nil, sideEffects.isIdle,
        forest.lastStartedRole != .forkserverWorker
      {
        break
      }
      guard let id = forest.id(of: event.process) else { break }
      loops.started(id, start, in: forest)
      sideEffects.started(id, event, in: forest)
      if forest.role(of: id) == .forkserverWorker {
        result.append(bomb.began(id, event, in: forest))
      }
    case .executed:
      _ = ends.observe(event, in: forest)
      guard let id = forest.id(of: event.process) else { break }
      result.append(bomb.began(id, event, in: forest))
      result.append(subprocesses.executed(id, event, in: forest))
      result.append(selfExecutions.executed(id, event, in: forest))
    case .opened(let open):
      if open.path == "/dev/null" {
        if !sideEffects.isIdle, let id = forest.id(of: event.process) {
          result.append(prepared(id, event))
        }
      } else if open.path.fileNameBegins(with: "popen_fork."),
        let id = forest.id(of: event.process)
      {
        sideEffects.opened(id, in: forest)
      }
    case .signalled, .sent: _ = ends.observe(event, in: forest)
    case .wrote:
      guard let id = forest.id(of: event.process) else { break }
      result.append(unpicklable.goesOn(id, ends.traceback(of: id), event, in: forest))
      _ = ends.observe(event, in: forest)
      if let text = ends.traceback(of: id) { unpicklable.wrote(id, text) }
    case .exited:
      guard let id = forest.lastEnded else { break }
      result.append(unpicklable.goesOn(id, ends.traceback(of: id), event, in: forest))
      let end = ends.observe(event, in: forest)
      if !sideEffects.isIdle { result.append(prepared(id, event)) }
      result += ended(id, end, event)
    default: break
    }
    return result.compactMap(\.self)
  }

  private mutating func prepared(_ id: Int, _ event: Event) -> Finding? {
    if !cycles.findings.isEmpty, cycles.isShown(by: id) { sideEffects.withdraw(id) }
    return sideEffects.prepared(id, event, in: forest)
  }

  private mutating func ended(_ id: Int, _ end: WorkerEnd?, _ event: Event) -> [Finding?] {
    var result: [Finding?] = []
    if let end, !cycles.isShown(by: id) {
      if let loop = loops.ended(end, event, in: forest) {
        crashes.withdraw(end.cause)
        result.append(loop)
      } else if !loops.explains(end, in: forest) {
        result.append(crashes.ended(end, event, in: forest))
      }
    } else {
      loops.ended(well: id)
    }
    if crashes.holds(for: id) {
      let (forest, loops) = (forest, loops)
      result += crashes.parentEnded(id, in: forest) { loops.explains($0, in: forest) }
    }
    loops.forget(id)
    selfExecutions.forget(id)
    return result
  }

  /// Gravest first, then as they were found.
  private var findings: [Finding] {
    let cyclic = Set(cycles.findings.compactMap { $0.script?.path })
    let all =
      cycles.findings + bomb.findings + loops.findings + subprocesses.findings
      + selfExecutions.findings + deadlock.findings + unpicklable.findings + crashes.findings
      + crashes.heldFindings
      + sideEffects.findings.filter { $0.script.map { !cyclic.contains($0.path) } ?? true }
    func order(_ item: (offset: Int, element: Finding)) -> (Int, UInt64, Int) {
      (item.element.rule.severity == .error ? 0 : 1, item.element.provenByEvent, item.offset)
    }
    return all.enumerated().sorted { order($0) < order($1) }.map(\.element)
  }

  private func inferred(_ finding: Finding) -> Finding {
    var finding = finding
    if finding.certainty == .proven { finding.certainty = .likely }
    return finding
  }

  /// The tree is being ended from outside.
  package mutating func stop() {
    wasStopped = true
  }

  /// What is to be reported, now or at the end.
  package func report(
    toolVersion: String, source: RunReport.Source, command: [String], workingDirectory: String,
    limitations: [Limitation]
  ) -> RunReport {
    let findings = findings
    var report = RunReport(
      toolVersion: toolVersion, source: source, command: command,
      workingDirectory: workingDirectory, termination: rootTermination,
      findings: isFromLog ? findings.map(inferred) : findings,
      processes: forest.completedRecords(),
      events: events,
      limitations: limitations + blindSpots.limitations)
    report.survey = deadlock.survey
    report.omittedProcesses = forest.count - report.processes.count
    return report
  }
}
