internal import TraceModel

/// ST105 `self-exec-loop`: one process replaces itself with the same script and state, past the
/// limit.
///
/// `ScriptState` defines the same state. Other programs may be executed in between. Programs that
/// execute themselves once with another environment are common and not a loop: the environment is a
/// part of the state, unless a log doesn't show it.
///
/// The culprit is the statement of the script that replaces the program, by the stack at the
/// execve.
struct SelfExecLoop: Judge {
  static let changes: Change.Kinds = .executed

  private let limits: Limits
  private var processes: [Int: History] = [:]

  private struct History {
    var current: ScriptState?
    /// The states that were executed, in the order of first appearance.
    var targets: [ScriptState.Target] = []
    var count: [ScriptState: Int] = [:]
    /// The place where a program with a state was replaced.
    var sites: [ScriptState: StartSite] = [:]
    /// The states that were executed since the start of the current round.
    var scripts: [ScriptState: Script] = [:]
    var finding: Findings.Key?

    init(_ first: ScriptState?) {
      current = first
      if let first {
        targets = [first.target]
        count = [first: 0]
      }
    }
  }

  /// The limit of different programs: a process that executes more isn't in a loop.
  private static let stateLimit = 256

  init(_ limits: Limits) {
    self.limits = limits
  }

  mutating func forget(_ id: Int) {
    if !processes.isEmpty { processes[id] = nil }
  }

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    executed(change.process, event, in: run.forest, &findings).map { [$0] } ?? []
  }

  /// Judges a process that has begun to run a program.
  private mutating func executed(
    _ id: Int, _ event: Event, in forest: ProcessForest, _ findings: inout Findings
  ) -> Finding? {
    // Most processes execute one program.
    let previous = forest.previous(of: id)
    guard previous != nil || processes[id] != nil else { return nil }
    let state = forest[id].scriptState
    var history = processes[id] ?? History(previous?.state)
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
    history.scripts[state] = history.scripts[state] ?? forest[id].script
    if processes[id] == nil, let previous {
      history.scripts[previous.state] = previous.script
    }
    let repeats = history.count[state] ?? 0
    var found: Finding?
    if let known = history.finding {
      findings.change(known) { $0.furtherRepeats += 1 }
    } else if repeats >= limits.maxRepeats {
      let finding = finding(id, state, repeats, history, event, forest)
      history.finding = findings.add(finding)
      found = finding
    }
    processes[id] = history
    return found
  }

  private func finding(
    _ id: Int, _ state: ScriptState, _ repeats: Int, _ history: History, _ event: Event,
    _ forest: ProcessForest
  ) -> Finding {
    // Of the states that come back as often, the one that was there first comes first, although its
    // first environment may have been another.
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
    return Finding(
      .selfExecLoop, .proven, .repeats(.init(count: repeats, round: round)), at: event,
      in: forest, shownBy: [id], .respawning, script: script, culprit: site?.culprit,
      callSite: site?.callSite, python: forest.version(event.stack),
      identity: .places(site?.culprit, site?.callSite))
  }
}
