internal import TraceModel

/// ST104 `subprocess-cycle`: a script starts itself, directly or through others, with the same
/// state, past the limit, on one ancestry path.
///
/// The same state is the same script (by its file's identity, whatever its name), the same
/// arguments behind it, the same folder and the same environment but for what shells and make count
/// in it (`ScriptState`). Siblings never count, nor do workers. The runs may still differ by a
/// file, which can't be seen from outside: only `maxRepeats` repeats are a proof.
///
/// The culprit is the statement of the script that runs the next program on that path. A worker, or a
/// fork, that does so is on the path, too, but the statement that has started it is not the culprit.
struct SubprocessCycle: Judge {
  static let changes: Change.Kinds = .executed

  private let limits: Limits
  private var known: [ScriptState.Target: Findings.Key] = [:]
  private var chain = DetachedChain()
  /// The greatest number of ancestors that are examined.
  private static let depthLimit = 512

  init(_ limits: Limits) {
    self.limits = limits
  }

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    executed(change.process, event, in: run, &findings).map { [$0] } ?? []
  }

  /// Judges a process that has begun to run a program.
  private mutating func executed(
    _ id: Int, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> Finding? {
    let forest = run.forest
    guard let state = forest[id].scriptState else { return nil }
    var path = [id]
    var repeats = 0
    /// The first process with this state.
    var first = id
    while path.count < Self.depthLimit, let last = path.last, let parent = forest[last].parent {
      path.append(parent)
      // Their hashes are compared first.
      guard forest[parent].scriptState == state else { continue }
      repeats += 1
      first = parent
    }
    guard repeats >= limits.maxRepeats else {
      if run.rootTermination == nil { return nil }
      return chain.executed(path, atLeast: limits.maxRepeats, event, in: forest, &findings)
    }
    if let index = known[state.target] {
      findings.add(id, to: index)
      return nil
    }
    let finding = finding(id, first: first, repeats, Array(path.reversed()), event, forest)
    let key = findings.add(finding)
    for member in finding.processes {
      if let state = forest[member].scriptState { known[state.target] = key }
    }
    return finding
  }

  private func finding(
    _ id: Int, first: Int, _ repeats: Int, _ path: [Int], _ event: Event, _ forest: ProcessForest
  ) -> Finding {
    let record = forest[id]
    var members = Array(path.drop { $0 != first })
    // Once around: from the first one to the next with its state.
    var round =
      [first] + members.dropFirst().prefix { forest[$0].scriptState != record.scriptState }
    // The round begins with the script that was there first, although its first environment may
    // differ.
    let targets = path.map { forest[$0].scriptState?.target }
    func appearance(_ id: Int) -> Int {
      forest[id].scriptState.flatMap { targets.firstIndex(of: $0.target) } ?? .max
    }
    if let leader = round.indices.min(by: { appearance(round[$0]) < appearance(round[$1]) }) {
      members.removeFirst(leader)
      round = Array(members.prefix(round.count))
    }
    let origin = path[min(appearance(round[0]), path.count - 1)]
    let script = forest[origin].script ?? forest[round[0]].script ?? record.script
    let steps = round.filter { forest[$0].role != .forkserver }.map { process in
      let record = forest[process]
      return Finding.Repeats.Step(
        process: process, program: record.script?.path ?? record.executable,
        site: nextSite(after: process, in: members, forest))
    }
    let site = members.dropFirst().first { forest.beginsProgram($0) }
      .flatMap { forest.beginning(of: $0) }
    return Finding(
      .subprocessCycle, .proven, .repeats(.init(count: repeats, round: steps)), at: event,
      in: forest, shownBy: members, .respawning, script: script, culprit: site?.culprit,
      callSite: site?.callSite, python: record.python ?? forest[round[0]].python,
      identity: Self.identity(steps, site))
  }

  /// A round of several scripts is known by the places at which they start each other, from the
  /// smallest on: it is the same round wherever it was entered.
  private static func identity(
    _ steps: [Finding.Repeats.Step], _ site: StartSite?
  ) -> FaultIdentity {
    let places = steps.compactMap(\.site)
    func key(_ place: SourceLocation) -> (String, String) { (place.path, place.source?.line ?? "") }
    guard Set(places.map(\.path)).count > 1,
      let first = places.indices.min(by: { key(places[$0]) < key(places[$1]) })
    else { return .places(site?.culprit, site?.callSite) }
    return FaultIdentity(places: Array(places[first...] + places[..<first]))
  }

  /// The place where a process of the path starts the next one.
  private func nextSite(
    after id: Int, in members: [Int], _ forest: ProcessForest
  ) -> SourceLocation? {
    guard let index = members.firstIndex(of: id), index + 1 < members.count else { return nil }
    return forest.beginning(of: members[index + 1])?.culprit
  }
}
