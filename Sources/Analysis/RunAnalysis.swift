package import TraceModel

/// Everything that is made of the events of one run: live, replayed or imported, it is the same.
package struct RunAnalysis: Sendable {
  package private(set) var forest = ProcessForest()
  private var cycles: ReexecCycle
  private var bomb: ForkBomb
  private var deadlock = Deadlock()
  private var blindSpots = BlindSpots()
  private var events: UInt64 = 0
  private var rootTermination: Termination?
  /// Whether the tree was ended before its time, so that how it ended tells nothing.
  private var wasStopped = false
  private let isFromLog: Bool

  /// - Parameters:
  ///   - processLimit: How many processes may live at once.
  ///   - evidence: What is believed of a start.
  ///   - isFromLog: Whether somebody else wrote the events down, without stacks and perhaps not all:
  ///     nothing that follows from them is more than likely.
  package init(
    processLimit: Int, evidence: ReexecCycle.Evidence = .all, isFromLog: Bool = false
  ) {
    self.isFromLog = isFromLog
    bomb = ForkBomb(limit: processLimit)
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
      if !wasStopped { cycles.conclude(termination) }
    }
    var result: [Finding] = []
    if let finding = cycles.observe(event, in: forest) { result.append(finding) }
    if let finding = bomb.observe(event, in: forest) { result.append(finding) }
    if let finding = deadlock.observe(event, in: forest) { result.append(finding) }
    if case .exited = event.kind, let id = forest.lastEnded {
      let findings = cycles.findings + bomb.findings
      forest.forget(id) { id in findings.contains { $0.processes.contains(id) } }
    }
    return isFromLog ? result.map(inferred) : result
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
    limitations: [String]
  ) -> RunReport {
    let findings = cycles.findings + bomb.findings + deadlock.findings
    var report = RunReport(
      toolVersion: toolVersion, source: source, command: command,
      workingDirectory: workingDirectory, termination: rootTermination,
      findings: isFromLog ? findings.map(inferred) : findings,
      processes: forest.completedRecords(),
      events: events,
      limitations: limitations + blindSpots.descriptions)
    report.survey = deadlock.survey
    report.omittedProcesses = forest.count - report.processes.count
    return report
  }
}
