internal import TraceModel

/// The part of ST104 that finds a chain of self-starts among what lives on when the command has
/// ended: each process executes the script that the one before it executed, starts the next one, and
/// ends.
///
/// With the same state each time it is `SubprocessCycle`'s, and proven. Here the arguments, the
/// folder or the environment change, which may hold a count that ends the chain. So it is a guess,
/// however long the chain is: it is reported, ends nothing, and changes no status. A daemon that
/// executes itself once, or a supervisor that starts a worker anew, has no such ancestors: the first
/// has few, the second lives.
struct DetachedChain {
  private var known: [ScriptState.Target: Findings.Key] = [:]

  /// Judges a process that has begun to run a script, after the command's end.
  ///
  /// - Parameters:
  ///   - path: The process and its ancestors, from it on.
  ///   - limit: How many self-starts there must be.
  mutating func executed(
    _ path: [Int], atLeast limit: Int, _ event: Event, in forest: ProcessForest,
    _ findings: inout Findings
  ) -> Finding? {
    guard let id = path.first, let state = forest[id].scriptState else { return nil }
    if let key = known[state.target] {
      findings.add(id, to: key)
      return nil
    }
    // The last but one may live as long as it takes to start the last one.
    let members = path.filter {
      forest.beginsProgram($0) && forest[$0].scriptState?.target == state.target
    }
    guard members.count > limit, members.dropFirst(2).allSatisfy({ forest[$0].endedAt != nil })
    else { return nil }
    let site = forest.beginning(of: id)
    let record = forest[id]
    let finding = Finding(
      .subprocessCycle, .guess, .selfStarts(members.count - 1), at: event, in: forest,
      shownBy: members.reversed(), .respawning, script: record.script, culprit: site?.culprit,
      callSite: site?.callSite, python: record.python,
      identity: .places(site?.culprit, site?.callSite))
    known[state.target] = findings.add(finding)
    return finding
  }
}
