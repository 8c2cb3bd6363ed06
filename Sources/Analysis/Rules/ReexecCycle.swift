package import TraceModel

/// ST101 `reexec-cycle`: inside its boot window a worker runs its logical parent's main script and
/// starts a process again.
///
/// Decided by one event: the worker opens `popen_spawn_posix` or `popen_forkserver`, and the stack of
/// the thread that does has a start of a process inside the frame that runs the parent's main module
/// again (`StartAttempt`). That is before CPython's own check raises, before a byte of its traceback
/// exists, and whatever the program does with the error.
///
/// The culprit is the innermost module-level statement of the user's code between the two, the call
/// site the innermost frame of the user's code. Packages stand in where nothing of the user's is left,
/// the standard library where no package is.
package struct ReexecCycle: Sendable {
  package private(set) var findings: [Finding] = []

  package init() {}

  /// Judges one event, of which the forest knows already. Returns what is new: the first proof of each
  /// culprit; later ones are added to it.
  package mutating func observe(_ event: Event, in forest: ProcessForest) -> Finding? {
    guard case .opened(let open) = event.kind, case .read(let stack) = open.stack,
      let attempt = StartAttempt(stack.frames, opening: open.path),
      let outermost = attempt.reexecution, let id = forest.id(of: event.process)
    else { return nil }
    let record = forest.record(id)
    let directory = record.workingDirectory ?? "/"
    let frames = stack.frames.absolute(in: directory)
    let between = frames[attempt.start..<outermost]
    let culprit = Self.innermost(between.filter(\.isModule)) ?? Self.innermost(between[...])
    if let known = findings.firstIndex(where: { $0.isOf(culprit, record.cycleMethod) }) {
      if !findings[known].processes.contains(id) { findings[known].processes.append(id) }
      return nil
    }
    let callSite = Self.innermost(between[...])
    let script = Self.script(between, record)
    let name = script?.path.lastPathComponent ?? "the main script"
    let who = record.role == .forkserver ? "the forkserver" : "each worker"
    var finding = Finding(
      rule: .reexecCycle, certainty: .proven,
      title: "\(name) is run again by \(who) that it starts", stack: frames,
      processes: [id], provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .reexecCycle, startMethod: record.cycleMethod, frames: Array(between),
        directory: forest.records.first?.workingDirectory ?? directory
      ).description)
    finding.script = script
    finding.culprit = culprit.map(SourceLocation.init)
    finding.callSite = callSite.map(SourceLocation.init)
    finding.startMethod = record.cycleMethod
    finding.python = stack.version
    finding.consequence = Self.expectedConsequence(between, record)
    findings.append(finding)
    return finding
  }

  /// Corrects what was expected by what was seen, once the command has ended by itself.
  package mutating func conclude(_ termination: Termination) {
    guard termination == .status(0) else { return }
    for index in findings.indices { findings[index].consequence = .masked }
  }

  private static func innermost(_ frames: some Collection<PythonFrame>) -> PythonFrame? {
    for origin in [CodeOrigin.user, .package, .generated, .standardLibrary] {
      if let frame = frames.first(where: { CodeOrigin(path: $0.path) == origin }) { return frame }
    }
    return nil
  }

  /// What is run again: the outermost module inside the frame that prepares the worker, which runs
  /// under the name `__mp_main__`.
  private static func script(
    _ between: ArraySlice<PythonFrame>, _ record: ProcessRecord
  ) -> Script? {
    let module =
      between.last { $0.isModule && $0.module == "__mp_main__" }
      ?? between.last { $0.isModule && CodeOrigin(path: $0.path) == .user }
    guard let module else { return record.script }
    let known = record.script.flatMap { $0.path == module.path ? $0 : nil }
    return Script(
      path: module.path, identity: known?.identity, runsAs: "__mp_main__", evidence: .opened)
  }

  /// What such a start leads to, as the way in which it is made foretells: the RuntimeError ends the
  /// worker, or a test runner swallows it.
  private static func expectedConsequence(
    _ between: ArraySlice<PythonFrame>, _ record: ProcessRecord
  ) -> Consequence {
    if between.contains(where: { $0.path.ends(with: "/unittest/case.py") }) { return .masked }
    let isPool = between.contains { $0.path.ends(with: "/pool.py") && $0.function.contains("pool") }
    // A server that dies takes the connections of its clients with it (CPython 3.14).
    return isPool && record.role != .forkserver ? .respawning : .contained
  }
}

extension ProcessRecord {
  /// The method by which the worker was started that this process is, or prepares.
  fileprivate var cycleMethod: StartMethod {
    startMethod ?? (role == .forkserver ? .forkserver : .spawn)
  }
}

extension Finding {
  fileprivate func isOf(_ culprit: PythonFrame?, _ method: StartMethod) -> Bool {
    self.culprit?.path == culprit?.path && self.culprit?.line == culprit?.line
      && startMethod == method
  }
}

extension SourceLocation {
  init(_ frame: PythonFrame) {
    self.init(
      path: frame.path, line: frame.line, function: frame.function, source: frame.source)
  }
}
