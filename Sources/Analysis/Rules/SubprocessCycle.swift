internal import TraceModel

/// ST104 `subprocess-cycle`: a script starts itself, directly or through others, with the same state, past
/// the limit, on one ancestry path.
///
/// The same state is the same script (by its file's identity, whatever its name), the same arguments behind
/// it, the same folder and the same environment but for what shells and make count in it (`ScriptState`).
/// Siblings never count, nor do workers. A file may tell the runs apart all the same, which nobody can see
/// from outside, so that only `limit` repeats are a proof.
///
/// The culprit is the statement of the script that starts the next process on that path.
struct SubprocessCycle: Sendable {
  private(set) var findings: [Finding] = []
  private let limit: Int
  private var known: [ScriptState.Target: Int] = [:]
  /// How far the way up is followed.
  private static let depthLimit = 512

  init(limit: Int) {
    self.limit = limit
  }

  /// A process has begun to run a program.
  mutating func executed(_ id: Int, _ event: Event, in forest: ProcessForest) -> Finding? {
    guard let hash = forest.stateHash(of: id), let state = forest.state(of: id) else { return nil }
    var path = [id]
    var repeats = 0
    /// The first process with this state.
    var first = id
    while path.count < Self.depthLimit, let last = path.last, let parent = forest.parent(of: last) {
      path.append(parent)
      guard forest.stateHash(of: parent) == hash, forest.state(of: parent) == state else {
        continue
      }
      repeats += 1
      first = parent
    }
    guard repeats >= limit else { return nil }
    if let index = known[state.target] {
      findings[index].add(id)
      return nil
    }
    let finding = finding(id, first: first, repeats, Array(path.reversed()), event, forest)
    for member in finding.processes {
      if let state = forest.state(of: member) { known[state.target] = findings.count }
    }
    findings.append(finding)
    return finding
  }

  private func finding(
    _ id: Int, first: Int, _ repeats: Int, _ path: [Int], _ event: Event, _ forest: ProcessForest
  ) -> Finding {
    let record = forest.record(id)
    var members = Array(path.drop { $0 != first })
    // Once around: from the first one to the next with its state.
    var round = [first] + members.dropFirst().prefix { forest.state(of: $0) != record.state }
    // The one that was there first begins it, though its first environment may have been another.
    let targets = path.map { forest.state(of: $0)?.target }
    func appearance(_ id: Int) -> Int {
      forest.state(of: id).flatMap { targets.firstIndex(of: $0.target) } ?? .max
    }
    if let leader = round.indices.min(by: { appearance(round[$0]) < appearance(round[$1]) }) {
      members.removeFirst(leader)
      round = Array(members.prefix(round.count))
    }
    let origin = path[min(appearance(round[0]), path.count - 1)]
    let script = forest.script(of: origin) ?? forest.script(of: round[0]) ?? record.script
    let steps = round.map { process in
      let record = forest.record(process)
      return Finding.Repeats.Step(
        process: process, program: record.script?.path ?? record.executable,
        site: nextSite(after: process, in: members, forest))
    }
    var finding = Finding(
      rule: .subprocessCycle, detail: .repeats(.init(count: repeats, round: steps)),
      certainty: .proven, stack: [], processes: members, provenAt: event.time,
      provenByEvent: event.sequence,
      fingerprint: "")
    let site = members.dropFirst().first.flatMap { forest.record($0).site }
    finding.consequence = .respawning
    finding.script = script
    finding.culprit =
      site?.culprit
      ?? script.map { SourceLocation(path: $0.path, line: nil, function: "<module>", source: nil) }
    finding.callSite = site?.callSite
    finding.python = record.python ?? forest.record(round[0]).python
    finding.fingerprint =
      Fingerprint(
        rule: .subprocessCycle, startMethod: nil, locations: [site?.culprit, site?.callSite],
        directory: forest.root?.workingDirectory ?? "/"
      ).description
    return finding
  }

  /// Where a process of the path starts the next one.
  private func nextSite(
    after id: Int, in members: [Int], _ forest: ProcessForest
  ) -> SourceLocation? {
    guard let index = members.firstIndex(of: id), index + 1 < members.count else { return nil }
    return forest.record(members[index + 1]).site?.culprit
  }
}
