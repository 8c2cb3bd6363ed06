package import TraceModel

/// ST101 `reexec-cycle`: inside its boot window a worker runs its logical parent's main script and
/// starts a process again.
///
/// Proven by one event: the worker opens `popen_spawn_posix` or `popen_forkserver`, or has one of them
/// do its work, and the stack of the thread has a start of a process inside the frame that runs the
/// parent's main module again (`StartAttempt`). That is before CPython's own check raises, before a
/// byte of its traceback exists, and whatever the program does with the error. Where no stack decides,
/// the worker's system calls and the traceback do (`BootWindows`), and the finding says that it is
/// likely, or a guess.
///
/// The culprit is the innermost module-level statement of the user's code between the two, the call
/// site the innermost frame of the user's code. Packages stand in where nothing of the user's is left,
/// the standard library where no package is; the script itself where there are no frames.
package struct ReexecCycle: Sendable {
  package private(set) var findings: [Finding] = []
  private let evidence: Evidence
  private var windows = BootWindows()
  private var shown: Set<Shown> = []
  private var starts = StartAttempt.Cache()

  /// That a process shows a finding, by its index.
  private struct Shown: Hashable {
    var finding: Int
    var process: Int
  }

  /// What is believed.
  package enum Evidence: String, Hashable, Sendable, CaseIterable {
    case stacks
    case systemCalls = "calls"
    case all
  }

  package init(evidence: Evidence = .all) {
    self.evidence = evidence
  }

  /// Judges one event, of which the forest knows already. Returns what is new: the first proof of each
  /// culprit; later ones are added to it.
  package mutating func observe(_ event: Event, in forest: ProcessForest) -> Finding? {
    // The windows are to see each event, whoever decides.
    let attempt = evidence == .stacks ? nil : windows.observe(event, in: forest)
    if evidence != .systemCalls, let found = proof(event, in: forest) { return found }
    return attempt.flatMap { inference(event, $0, in: forest) }
  }

  /// What a stack proves.
  private mutating func proof(_ event: Event, in forest: ProcessForest) -> Finding? {
    guard case .read(let stack) = event.stack, var id = forest.id(of: event.process) else {
      return nil
    }
    var path: String?
    switch event.kind {
    case .opened(let open): path = open.path
    case .started:
      // The stack is its maker's.
      guard let maker = forest.parent(of: id) else { return nil }
      id = maker
    default: break
    }
    let known = starts.look(
      stack.frames, opening: path, in: forest.workingDirectory(of: id) ?? "/")
    guard let attempt = known.attempt, let outermost = attempt.reexecution else { return nil }
    let record = forest.record(id)
    let frames = known.absolute
    var proof = Proof(process: record, certainty: .proven, frames: frames)
    proof.between = frames[attempt.start..<outermost]
    proof.culprit =
      Self.innermost(proof.between.filter(\.isModule)) ?? Self.innermost(proof.between)
    proof.python = stack.version
    return add(proof, event, in: forest)
  }

  /// What the system calls of a boot window let infer, unless a stack has told of the process already.
  private mutating func inference(
    _ event: Event, _ attempt: BootWindows.Attempt, in forest: ProcessForest
  ) -> Finding? {
    guard
      !findings.indices.contains(where: {
        shown.contains(Shown(finding: $0, process: attempt.process))
      })
    else { return nil }
    let record = forest.record(attempt.process)
    let frames = attempt.frames.absolute(in: record.workingDirectory ?? "/")
    var proof = Proof(process: record, certainty: attempt.certainty, frames: frames)
    let whole = attempt.starter.flatMap { StartAttempt(frames, opening: $0) }
    // Where the traceback begins inside the script, all of it is.
    proof.between = frames[(whole?.start ?? 0)..<(whole?.reexecution ?? frames.count)]
    proof.culprit = proof.between.first { $0.isModule && CodeOrigin(path: $0.path) == .user }
    proof.python = record.python
    return add(proof, event, in: forest)
  }

  private struct Proof {
    let process: ProcessRecord
    let certainty: Certainty
    /// Innermost first, paths absolute.
    let frames: [PythonFrame]
    /// Those of the start, within the one that prepares the worker.
    var between: ArraySlice<PythonFrame> = []
    var culprit: PythonFrame?
    var python: PythonVersion?

    init(process: ProcessRecord, certainty: Certainty, frames: [PythonFrame]) {
      self.process = process
      self.certainty = certainty
      self.frames = frames
    }
  }

  private mutating func add(_ proof: Proof, _ event: Event, in forest: ProcessForest) -> Finding? {
    let record = proof.process
    let script = Self.script(proof.between, record)
    let place =
      proof.culprit.map(SourceLocation.init)
      ?? script.map { SourceLocation(path: $0.path, line: nil, function: "<module>", source: nil) }
    let known = findings.firstIndex {
      guard $0.startMethod == record.cycleMethod else { return false }
      // Who can't tell the statement is taken for the one of its script that can.
      if place?.line == nil || $0.culprit?.line == nil { return $0.script?.path == script?.path }
      return $0.culprit?.path == place?.path && $0.culprit?.line == place?.line
    }
    if let known {
      if shown.insert(Shown(finding: known, process: record.id)).inserted {
        findings[known].add(record.id)
      }
      let isBetter =
        findings[known].certainty != .proven
        && (proof.certainty == .proven || findings[known].culprit?.line == nil)
      if isBetter, place?.line != nil {
        findings[known].certainty = proof.certainty
        findings[known].stack = proof.frames
        findings[known].culprit = place
        findings[known].callSite = Self.innermost(proof.between).map(SourceLocation.init)
        findings[known].provenAt = event.time
        findings[known].provenByEvent = event.sequence
      }
      return nil
    }
    let name = script?.path.lastPathComponent ?? "the main script"
    let who = record.role == .forkserver ? "the forkserver" : "each worker"
    var finding = Finding(
      rule: .reexecCycle, certainty: proof.certainty,
      title: "\(name) is run again by \(who) that it starts", stack: proof.frames,
      processes: [record.id], provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .reexecCycle, startMethod: record.cycleMethod, frames: Array(proof.between),
        directory: forest.root?.workingDirectory ?? record.workingDirectory ?? "/"
      ).description)
    finding.script = script
    finding.culprit = place
    finding.callSite = Self.innermost(proof.between).map(SourceLocation.init)
    finding.startMethod = record.cycleMethod
    finding.python = proof.python
    finding.consequence = Self.expectedConsequence(proof.between, record)
    shown.insert(Shown(finding: findings.count, process: record.id))
    findings.append(finding)
    return finding
  }

  /// Whether a process shows a cycle.
  func isShown(by process: Int) -> Bool {
    findings.indices.contains { shown.contains(Shown(finding: $0, process: process)) }
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

extension SourceLocation {
  init(_ frame: PythonFrame) {
    self.init(
      path: frame.path, line: frame.line, function: frame.function, source: frame.source)
  }
}
