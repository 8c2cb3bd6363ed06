internal import TraceModel

/// The judges of all rules, in the rules' order: a rule without one does not compile.
struct Judges: Sendable {
  private var judges: [any Judge]
  private let changes: [Change.Kinds]
  private let judgingTheEnding: [Bool]

  init(_ limits: Limits, _ evidence: Evidence) {
    judges = Rule.allCases.map { Self.judge(of: $0, limits, evidence) }
    changes = judges.map { type(of: $0).changes }
    judgingTheEnding = judges.map { type(of: $0).judgesTheEnding }
  }

  private static func judge(of rule: Rule, _ limits: Limits, _ evidence: Evidence) -> any Judge {
    switch rule {
    case .reexecCycle: ReexecCycle(evidence: evidence)
    case .respawnLoop: RespawnLoop(limits)
    case .forkBomb: ForkBomb(limits)
    case .subprocessCycle: SubprocessCycle(limits)
    case .selfExecLoop: SelfExecLoop(limits)
    case .deadlock: Deadlock()
    case .lostTask: LostTask()
    case .neverRan: NeverRan()
    case .reexecSideEffect: ReexecSideEffect()
    case .workerCrash: WorkerCrash()
    case .unpicklableTarget: UnpicklableTarget()
    }
  }

  /// Passes a change to the judges of its kinds.
  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings, isEnding: Bool
  ) -> [Finding] {
    var result: [Finding] = []
    for index in changes.indices where !changes[index].isDisjoint(with: change.kinds) {
      if isEnding, !judgingTheEnding[index] { continue }
      result += judges[index].judge(change, event, in: run, &findings)
    }
    return result
  }

  mutating func conclude(_ termination: Termination, _ findings: inout Findings) {
    for index in judges.indices { judges[index].conclude(termination, &findings) }
  }

  mutating func forget(_ process: Int) {
    for index in judges.indices { judges[index].forget(process) }
  }
}
