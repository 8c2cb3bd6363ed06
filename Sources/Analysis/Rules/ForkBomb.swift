package import TraceModel

/// ST103 `fork-bomb`: spawn workers nest beyond the depth limit, every level starting more; or more
/// processes live at once than the limit allows.
///
/// Nested are workers of spawn or forkserver that run the same main script, each asked for by the one
/// before it, after its boot window (before that, CPython refuses: ST101). One more level than
/// `nestingLimit` is the proof: a recursion with an end looks the same, and has fewer. Forked workers in
/// between don't count and don't part.
///
/// The count is of processes, not of threads, and of those that are alive: a run of fifty thousand
/// short ones is none. Who made the process that passes the limit is named as the one that shows it.
package struct ForkBomb: Sendable {
  private let limit: Int
  private let nestingLimit: Int
  package private(set) var findings: [Finding] = []
  /// Where a finding of nested workers stands.
  private var nested: Int?
  /// Whether too many live at once.
  private var hasCounted = false

  package init(limit: Int, nestingLimit: Int) {
    self.limit = limit
    self.nestingLimit = nestingLimit
  }

  /// Judges a worker that has begun, of which the forest knows already.
  package mutating func began(_ id: Int, _ event: Event, in forest: ProcessForest) -> Finding? {
    guard forest.role(of: id).isReexecutingWorker else { return nil }
    // A worker that is started by no worker, as most are, is no copy of its record worth.
    var depth = 1
    var next = forest.logicalParent(of: id)
    var script: Script??
    while depth <= nestingLimit, let ancestor = next {
      let role = forest.role(of: ancestor)
      guard role.isReexecutingWorker || role == .forkWorker else { break }
      next = forest.logicalParent(of: ancestor)
      if role == .forkWorker { continue }
      let other = forest.script(of: ancestor)
      guard script == nil || script??.path == other?.path else { break }
      script = .some(other)
      depth += 1
    }
    guard depth > nestingLimit else { return nil }
    let record = forest.record(id)
    guard record.startMethod != .loky, let parent = record.logicalParent else { return nil }
    if let nested {
      findings[nested].add(id)
      return nil
    }
    let main = script ?? forest.record(parent).script
    var finding = Finding(
      rule: .forkBomb, detail: .nesting(depth), certainty: .proven, stack: [], processes: [id],
      provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .forkBomb, startMethod: record.startMethod,
        locations: [record.site?.culprit, record.site?.callSite],
        directory: forest.root?.workingDirectory ?? "/"
      ).description)
    finding.consequence = .respawning
    finding.script = main
    finding.culprit =
      record.site?.culprit
      ?? main.map { SourceLocation(path: $0.path, line: nil, function: "<module>", source: nil) }
    finding.callSite = record.site?.callSite
    finding.startMethod = record.startMethod
    finding.python = record.python ?? forest.record(parent).python
    nested = findings.count
    findings.append(finding)
    return finding
  }

  /// Judges one event, of which the forest knows already; returns the finding when it is made.
  package mutating func observe(_ event: Event, in forest: ProcessForest) -> Finding? {
    guard case .started = event.kind, forest.liveCount > limit, !hasCounted,
      let id = forest.id(of: event.process)
    else { return nil }
    let maker = forest.record(id).logicalParent ?? id
    var frames: [PythonFrame] = []
    if case .read(let stack) = event.stack {
      frames = stack.frames.absolute(in: forest.record(id).workingDirectory ?? "/")
    }
    let users = frames.filter { CodeOrigin(path: $0.path) == .user }
    var finding = Finding(
      rule: .forkBomb, detail: .liveProcesses(forest.liveCount, limit: limit), certainty: .proven,
      stack: frames,
      processes: [maker], provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .forkBomb, startMethod: nil, frames: users,
        directory: forest.root?.workingDirectory ?? "/"
      ).description)
    // The start that passes the limit is one of those that led there.
    finding.culprit = (users.first(where: \.isModule) ?? users.first).map(SourceLocation.init)
    finding.callSite = users.first.map(SourceLocation.init)
    finding.nativeStack = event.nativeStack
    hasCounted = true
    findings.append(finding)
    return finding
  }
}
