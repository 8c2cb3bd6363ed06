internal import TraceModel

/// ST105 `self-exec-loop`: one process replaces itself with the same script and state, past the limit.
///
/// What the same state is, `ScriptState` says. Other programs may be executed in between. To execute
/// oneself once with another environment is a habit and no loop: the environment is a part of the state.
///
/// The culprit is the statement of the script that replaces the program, by the stack at the execve.
struct SelfExecLoop: Sendable {
  private(set) var findings: [Finding] = []
  private let limit: Int
  private var processes: [Int: History] = [:]

  private struct History {
    var current: ScriptState?
    /// What was executed, in the order of first appearance.
    var targets: [ScriptState.Target] = []
    var count: [ScriptState: Int] = [:]
    /// Where a program with a state was replaced.
    var sites: [ScriptState: StartSite] = [:]
    /// What was executed since the start of the current round.
    var scripts: [ScriptState: Script] = [:]
    var finding: Int?

    init(_ first: ScriptState?) {
      current = first
      if let first {
        targets = [first.target]
        count = [first: 0]
      }
    }
  }

  /// One that executes more different programs goes in no circle.
  private static let stateLimit = 256

  init(limit: Int) {
    self.limit = limit
  }

  mutating func forget(_ id: Int) {
    if !processes.isEmpty { processes[id] = nil }
  }

  /// A process has begun to run a program.
  mutating func executed(_ id: Int, _ event: Event, in forest: ProcessForest) -> Finding? {
    // Most processes execute one program.
    let previous = forest.previousState(of: id)
    guard previous != nil || processes[id] != nil else { return nil }
    let state = forest.state(of: id)
    var history = processes[id] ?? History(previous)
    if let before = history.current, case .read(let stack) = event.stack {
      history.sites[before] = StartSite(stack, in: before.workingDirectory)
    }
    history.current = state
    guard let state else {
      processes[id] = history
      return nil
    }
    if history.count.count >= Self.stateLimit { history = History(nil) }
    history.count[state, default: -1] += 1
    if !history.targets.contains(state.target) { history.targets.append(state.target) }
    history.scripts[state] = history.scripts[state] ?? forest.script(of: id)
    if processes[id] == nil, let previous {
      history.scripts[previous] = forest.previousScript(of: id)
    }
    let repeats = history.count[state] ?? 0
    var found: Finding?
    if let known = history.finding {
      findings[known].furtherRepeats += 1
    } else if repeats >= limit {
      let finding = finding(id, state, repeats, history, event, forest)
      history.finding = findings.count
      findings.append(finding)
      found = finding
    }
    processes[id] = history
    return found
  }

  private func finding(
    _ id: Int, _ state: ScriptState, _ repeats: Int, _ history: History, _ event: Event,
    _ forest: ProcessForest
  ) -> Finding {
    // Those that come back as often, the one first that was there first, though its first environment may
    // have been another.
    let states = history.count.filter { $0.value >= repeats - 1 }.keys.sorted {
      let (one, other) = (
        history.targets.firstIndex(of: $0.target), history.targets.firstIndex(of: $1.target)
      )
      return (one ?? .max) < (other ?? .max)
    }
    let leader = states.first ?? state
    let others = states.dropFirst()
    let script = history.scripts[leader]
    let site = history.sites[leader]
    let round =
      [.init(process: id, program: script?.path, site: site?.culprit)]
      + others.compactMap { other in
        history.sites[other].map {
          Finding.Repeats.Step(
            process: id, program: history.scripts[other]?.path, site: $0.culprit)
        }
      }
    var finding = Finding(
      rule: .selfExecLoop, detail: .repeats(.init(count: repeats, round: round)),
      certainty: .proven, stack: [], processes: [id], provenAt: event.time,
      provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .selfExecLoop, startMethod: nil, locations: [site?.culprit, site?.callSite],
        directory: forest.root?.workingDirectory ?? "/"
      ).description)
    finding.consequence = .respawning
    finding.script = script
    finding.culprit =
      site?.culprit
      ?? script.map { SourceLocation(path: $0.path, line: nil, function: "<module>", source: nil) }
    finding.callSite = site?.callSite
    if case .read(let stack) = event.stack { finding.python = stack.version }
    return finding
  }
}
