package import TraceModel

/// ST103 `fork-bomb`: more processes live at once than the limit allows.
///
/// The count is of processes, not of threads, and of those that are alive: a run of fifty thousand
/// short ones is none. Who made the process that passes the limit is named as the one that shows it.
package struct ForkBomb: Sendable {
  private let limit: Int
  package private(set) var findings: [Finding] = []

  package init(limit: Int) {
    self.limit = limit
  }

  /// Judges one event, of which the forest knows already; returns the finding when it is made.
  package mutating func observe(_ event: Event, in forest: ProcessForest) -> Finding? {
    guard case .started = event.kind, findings.isEmpty, forest.liveCount > limit,
      let id = forest.id(of: event.process)
    else { return nil }
    let maker = forest.record(id).logicalParent ?? id
    var frames: [PythonFrame] = []
    if case .read(let stack) = event.stack {
      frames = stack.frames.absolute(in: forest.record(id).workingDirectory ?? "/")
    }
    let users = frames.filter { CodeOrigin(path: $0.path) == .user }
    var finding = Finding(
      rule: .forkBomb, certainty: .proven,
      title: "\(forest.liveCount) processes live at once, and \(limit) are allowed", stack: frames,
      processes: [maker], provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .forkBomb, startMethod: nil, frames: users,
        directory: forest.root?.workingDirectory ?? "/"
      ).description)
    // The start that passes the limit is one of those that led there.
    finding.culprit = (users.first(where: \.isModule) ?? users.first).map(SourceLocation.init)
    finding.callSite = users.first.map(SourceLocation.init)
    finding.nativeStack = event.nativeStack
    findings.append(finding)
    return finding
  }
}
