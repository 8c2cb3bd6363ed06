package import TraceModel

/// The analysis of one run's events: the same for a live, a replayed and an imported run.
package struct RunAnalysis: Sendable {
  private var facts: RunFacts
  private var judges: Judges
  private var findings = Findings()
  private var blindSpots = BlindSpots()
  /// Whether the tree was ended from outside: how it ended means nothing then.
  private var wasStopped = false
  private let isFromLog: Bool
  private let limits: Limits

  /// - Parameters:
  ///   - limits: The limits of the rules.
  ///   - evidence: The evidence for a start that counts.
  ///   - isFromLog: Whether the events come from another program's log, without stacks and perhaps
  ///     incomplete: findings are at most likely.
  ///   - checkout: What fingerprints are relative to; nil for the directory in which the run began.
  package init(
    limits: Limits, evidence: Evidence = .all, isFromLog: Bool = false, checkout: String? = nil
  ) {
    self.isFromLog = isFromLog
    self.limits = limits
    judges = Judges(limits, evidence)
    facts = RunFacts(checkout: checkout)
  }

  /// The processes of the run.
  package var forest: ProcessForest { facts.forest }

  /// Adds one event and returns the new findings that it proves.
  package mutating func observe(_ event: Event) -> [Finding] {
    let wasRunning = facts.rootTermination == nil
    let change = facts.apply(event)
    blindSpots.observe(event, change)
    if wasRunning, !wasStopped, let termination = facts.rootTermination {
      judges.conclude(termination, &findings)
    }
    let new = judges.judge(change, event, in: facts, &findings, isEnding: wasStopped)
    if change.kinds.contains(.ended) {
      judges.forget(change.process)
      findings.forget(change.process)
      facts.forget(change.process) { findings.named.contains($0) }
    }
    return isFromLog ? new.map(Self.inferred) : new
  }

  /// Notes that the tree is being ended from outside.
  package mutating func stop() {
    wasStopped = true
  }

  private static func inferred(_ finding: Finding) -> Finding {
    var finding = finding
    if finding.certainty == .proven { finding.certainty = .likely }
    return finding
  }

  /// Makes the report, now or at the end.
  package func report(
    toolVersion: String, source: RunReport.Source, command: [String], workingDirectory: String,
    limitations: [Limitation]
  ) -> RunReport {
    var found = ReexecSideEffect.withoutPartsOfCycles(findings.reported)
    if facts.rootTermination != nil || wasStopped {
      for index in found.indices where found[index].rule == .reexecCycle {
        found[index].consequence = CycleConsequence.seen(
          found[index], in: facts, wasStopped: wasStopped, generations: limits.maxGenerations)
      }
    }
    var report = RunReport(
      toolVersion: toolVersion, source: source, command: command,
      workingDirectory: workingDirectory, termination: facts.rootTermination,
      findings: isFromLog ? found.map(Self.inferred) : found,
      processes: facts.forest.completedRecords(),
      events: facts.events,
      limitations: limitations + blindSpots.limitations)
    report.survey = facts.survey
    report.omittedProcesses = facts.forest.count - report.processes.count
    return report
  }
}
