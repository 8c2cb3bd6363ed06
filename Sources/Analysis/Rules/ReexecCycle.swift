internal import Multiprocessing
internal import TraceModel

/// ST101 `reexec-cycle`: inside its boot window a worker runs its logical parent's main script and
/// starts a process again.
///
/// One event proves it: the worker opens `popen_spawn_posix` or `popen_forkserver`, or one of them
/// does its work, and the stack of the thread has a start of a process inside the frame that runs
/// the parent's main module again (`StartAttempt`). That is before CPython's own check raises,
/// before a byte of its traceback exists, and whatever the program does with the error. If no stack
/// decides, the worker's system calls and the traceback do (`BootWindows`), and the finding says
/// that it is likely, or a guess.
///
/// The culprit is the innermost module-level statement of the user's code between the two, the call
/// site the innermost frame of the user's code. Without the user's frames, those of packages are
/// taken; without these, the standard library's; without any frames, the script itself.
struct ReexecCycle: Judge {
  static let changes: Change.Kinds = [
    .began, .executed, .openedProgram, .openedStarter, .openedForkStarter, .booted, .wrote, .ended,
    .withStack,
  ]
  static let judgesTheEnding = true

  private let evidence: Evidence
  private var windows: BootWindows
  private var starts = StartAttemptCache()
  /// The cycles that were found.
  private var known: [Findings.Key] = []

  init(evidence: Evidence) {
    self.evidence = evidence
    windows = BootWindows(evidence)
  }

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    // The windows must see each event, whatever decides.
    let attempt = evidence == .stacks ? nil : windows.observe(event, change, in: run.forest)
    var proof: Proof?
    if event.stack != nil, evidence != .systemCalls {
      proof = self.proof(event, change, in: run.forest)
    }
    if proof == nil, let attempt, !findings.isShown(.reexecCycle, by: attempt.process) {
      proof = inference(attempt, in: run.forest)
    }
    return proof.flatMap { add($0, event, in: run.forest, &findings) }.map { [$0] } ?? []
  }

  mutating func conclude(_ termination: Termination, _ findings: inout Findings) {
    findings.mask(.reexecCycle, by: termination)
  }

  /// Returns the proof that a stack shows.
  private mutating func proof(
    _ event: Event, _ change: Change, in forest: ProcessForest
  ) -> Proof? {
    guard case .read(let stack) = event.stack, change.process != 0 else { return nil }
    var id = change.process
    var path: String?
    switch event.kind {
    case .opened(let open): path = open.path
    case .started:
      // The stack is its creator's.
      guard let parent = forest[id].parent else { return nil }
      id = parent
    default: break
    }
    let known = starts.examine(stack.frames, opening: path, in: forest.directory(of: id))
    guard let attempt = known.attempt, let outermost = attempt.reexecution else { return nil }
    let frames = known.absolute
    var proof = Proof(process: forest[id], certainty: .proven, frames: frames)
    proof.between = frames[attempt.start..<outermost]
    proof.culprit =
      Self.innermost(proof.between.filter(\.isModule)) ?? Self.innermost(proof.between)
    proof.python = stack.version
    return proof
  }

  /// Returns the proof that follows from the system calls of a boot window.
  private func inference(_ attempt: BootWindows.Attempt, in forest: ProcessForest) -> Proof {
    let frames = attempt.frames.absolute(in: forest.directory(of: attempt.process))
    var proof = Proof(
      process: forest[attempt.process], certainty: attempt.certainty, frames: frames)
    let whole = attempt.starter.flatMap { StartAttempt(frames, opening: $0) }
    // If the traceback begins inside the script, all of it is.
    proof.between = frames[(whole?.start ?? 0)..<(whole?.reexecution ?? frames.count)]
    proof.culprit = proof.between.first { $0.isModule && CodeOrigin(path: $0.path) == .user }
    proof.python = proof.process.python
    return proof
  }

  private struct Proof {
    let process: ProcessRecord
    let certainty: Certainty
    /// Innermost first, paths absolute.
    let frames: [PythonFrame]
    /// The frames of the start, within the frame that prepares the worker.
    var between: ArraySlice<PythonFrame> = []
    var culprit: PythonFrame?
    var python: PythonVersion?

    init(process: ProcessRecord, certainty: Certainty, frames: [PythonFrame]) {
      self.process = process
      self.certainty = certainty
      self.frames = frames
    }
  }

  private mutating func add(
    _ proof: Proof, _ event: Event, in forest: ProcessForest, _ findings: inout Findings
  ) -> Finding? {
    let record = proof.process
    let script = Self.script(proof.between, record)
    let place =
      proof.culprit.map { SourceLocation($0) } ?? script.map { SourceLocation(somewhereIn: $0) }
    let key = known.first { key in
      guard let other = findings[key], other.startMethod == record.cycleMethod else { return false }
      // If a proof can't name the statement, it counts for the same script's proof that can.
      if place?.line == nil || other.culprit?.line == nil {
        return other.script?.path == script?.path
      }
      return other.culprit?.path == place?.path && other.culprit?.line == place?.line
    }
    if let key {
      findings.add(record.id, to: key)
      if place?.line != nil { improve(key, proof, place, event, &findings) }
      return nil
    }
    let finding = Finding(
      .reexecCycle, proof.certainty, .cycle(isServer: record.role == .forkserver), at: event,
      in: forest, shownBy: [record.id], Self.expectedConsequence(proof.between, record),
      script: script, culprit: place,
      callSite: Self.innermost(proof.between).map { SourceLocation($0) },
      startMethod: record.cycleMethod, python: proof.python, stack: proof.frames,
      identity: .frames(Array(proof.between)))
    known.append(findings.add(finding))
    return finding
  }

  /// Improves a known cycle's finding by a better proof.
  private func improve(
    _ key: Findings.Key, _ proof: Proof, _ place: SourceLocation?, _ event: Event,
    _ findings: inout Findings
  ) {
    findings.change(key) { finding in
      guard finding.certainty != .proven,
        proof.certainty == .proven || finding.culprit?.line == nil
      else { return }
      finding.certainty = proof.certainty
      finding.stack = proof.frames
      finding.culprit = place
      finding.callSite = Self.innermost(proof.between).map { SourceLocation($0) }
      finding.provenAt = event.time
      finding.provenByEvent = event.sequence
    }
  }

  private static func innermost(_ frames: some Collection<PythonFrame>) -> PythonFrame? {
    for origin in [CodeOrigin.user, .package, .generated, .standardLibrary] {
      if let frame = frames.first(where: { CodeOrigin(path: $0.path) == origin }) { return frame }
    }
    return nil
  }

  /// The script that is run again: the outermost module inside the frame that prepares the worker,
  /// which runs under the name `__mp_main__`.
  private static func script(
    _ between: ArraySlice<PythonFrame>, _ record: ProcessRecord
  ) -> Script? {
    let module =
      between.last { $0.isModule && $0.module == MainModule.nameInWorker }
      ?? between.last { $0.isModule && CodeOrigin(path: $0.path) == .user }
    guard let module else { return record.script }
    let known = record.script.flatMap { $0.path == module.path ? $0 : nil }
    return Script(
      path: module.path, identity: known?.identity, runsAs: MainModule.nameInWorker,
      evidence: .opened)
  }

  /// The expected consequence of such a start, by its stack: the RuntimeError ends the worker, or a
  /// test runner swallows it.
  private static func expectedConsequence(
    _ between: ArraySlice<PythonFrame>, _ record: ProcessRecord
  ) -> Consequence {
    if between.contains(where: \.runsUnittestCase) { return .masked }
    let isPool = between.contains(where: \.isOfPool)
    // If a server dies, its clients lose their connections (CPython 3.14).
    return isPool && record.role != .forkserver ? .respawning : .contained
  }
}

extension ProcessRecord {
  /// The start method of the worker that this process is, or prepares.
  fileprivate var cycleMethod: StartMethod {
    startMethod ?? (role == .forkserver ? .forkserver : .spawn)
  }
}
