internal import Multiprocessing
internal import TraceModel

/// ST101 `reexec-cycle`: a worker runs its logical parent's main program again and starts a process
/// there.
///
/// One event proves it: the worker opens `popen_spawn_posix` or `popen_forkserver`, or one of them
/// does its work, and the stack of the thread has a start of a process inside the frames that run
/// the parent's main module again (`MainRun`). That is before CPython's own check raises, before a
/// byte of its traceback exists, and whatever the program does with the error. If another thread
/// starts the process, the first thread's stack shows that main runs. Workers of a library's own
/// (`LibraryWorkers`) and frozen programs that start themselves as their workers have nothing that
/// refuses the start. If no stack decides, the worker's system calls and the traceback do
/// (`BootWindows`), and the finding says that it is likely, or a guess.
///
/// The culprit is the innermost module-level statement of the user's code in main's run, the call
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
  private var libraryWorkers = LibraryWorkers()
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
    var proof: ReexecutionProof?
    if event.stack != nil, evidence != .systemCalls {
      proof = self.proof(event, change, in: run.forest)
    }
    if proof == nil, change.kinds.contains(.executed) {
      proof =
        libraryWorkers.executed(change.process, in: run.forest)
        ?? inference(change.process, in: run.forest, findings)
    }
    if proof == nil, let attempt, !findings.isShown(.reexecCycle, by: attempt.process) {
      proof = ReexecutionProof(
        attempt, of: run.forest[attempt.process], in: run.forest.directory(of: attempt.process))
    }
    return proof.flatMap { add($0, event, in: run.forest, &findings) }.map { [$0] } ?? []
  }

  mutating func forget(_ process: Int) {
    libraryWorkers.forget(process)
  }

  // MARK: Proofs

  /// Returns the proof that a stack shows.
  private mutating func proof(
    _ event: Event, _ change: Change, in forest: ProcessForest
  ) -> ReexecutionProof? {
    guard case .read(let stack) = event.stack, change.process != 0 else { return nil }
    var id = change.process
    var path: String?
    var child: Int?
    switch event.kind {
    case .opened(let open): path = open.path
    case .started:
      // The stack is its creator's.
      guard let parent = forest[id].parent else { return nil }
      (child, id) = (id, parent)
    default: break
    }
    let directory = forest.directory(of: id)
    let known = starts.examine(stack.frames, opening: path, in: directory)
    var proof: ReexecutionProof?
    if let attempt = known.attempt {
      if let mainRun = attempt.mainRun {
        proof = ReexecutionProof(
          by: id, known.absolute, from: attempt.start, mainRun, stack.version)
      } else if let (main, mainRun) = Self.otherThread(event.mainStack, in: directory) {
        proof = ReexecutionProof(
          by: id, stack.frames.absolute(in: directory), whileMainRuns: main, mainRun, stack.version)
      }
    }
    if proof == nil {
      proof = executable(id, stack, event.mainStack, known.attempt, in: forest)
    }
    if proof == nil, let child {
      proof = libraryWorker(id, child, stack, event.mainStack, in: forest)
    }
    return proof
  }

  /// The stack of a process's first thread, paths absolute, and main's run in it.
  private static func otherThread(
    _ reading: StackReading?, in directory: String
  ) -> (frames: [PythonFrame], mainRun: MainRun)? {
    guard case .read(let stack) = reading, let mainRun = MainRun(stack.frames[...]) else {
      return nil
    }
    return (stack.frames.absolute(in: directory), mainRun)
  }

  /// Returns the proof that a process which was to be a worker or a tracker runs a frozen program's
  /// main module, and starts a worker or a tracker there.
  private func executable(
    _ id: Int, _ stack: PythonCallStack, _ reading: StackReading?, _ attempt: StartAttempt?,
    in forest: ProcessForest
  ) -> ReexecutionProof? {
    guard forest[id].role.hasCommandLineOfItsOwn else { return nil }
    let directory = forest.directory(of: id)
    let arguments = forest[id].arguments
    let mainRun = MainRun(ofExecutable: stack.frames, arguments)
    var main: (frames: [PythonFrame], run: MainRun)?
    if mainRun == nil, case .read(let other) = reading {
      main = MainRun(ofExecutable: other.frames, arguments).map {
        (Self.located(other.frames, in: directory), $0)
      }
    }
    guard mainRun != nil || main != nil,
      let start = attempt?.start ?? stack.frames.firstIndex(where: \.isOfTracker)
    else { return nil }
    let frames = Self.located(stack.frames, in: directory)
    if let mainRun {
      return ReexecutionProof(by: id, frames, from: start, mainRun, stack.version)
    }
    return main.map {
      ReexecutionProof(by: id, frames, whileMainRuns: $0.frames, $0.run, stack.version)
    }
  }

  /// A frozen program's paths are relative to its archive: only those that led to a text are files.
  private static func located(_ frames: [PythonFrame], in directory: String) -> [PythonFrame] {
    frames.map { $0.source == nil ? $0 : [$0].absolute(in: directory)[0] }
  }

  /// Returns the proof that a library's own worker runs main again and has started another one.
  private mutating func libraryWorker(
    _ id: Int, _ child: Int, _ stack: PythonCallStack, _ reading: StackReading?,
    in forest: ProcessForest
  ) -> ReexecutionProof? {
    // A forked process has the frames of its parent.
    guard forest[id].role == .subprocess else { return nil }
    let directory = forest.directory(of: id)
    let proof: ReexecutionProof
    if let mainRun = MainRun(stack.frames[...]) {
      guard mainRun.cause == .library else { return nil }
      proof = ReexecutionProof(
        by: id, stack.frames.absolute(in: directory), from: 0, mainRun, stack.version)
    } else if let (main, mainRun) = Self.otherThread(reading, in: directory),
      mainRun.cause == .library
    {
      proof = ReexecutionProof(
        by: id, stack.frames.absolute(in: directory), whileMainRuns: main, mainRun, stack.version)
    } else {
      return nil
    }
    return libraryWorkers.began(child, proof, in: forest)
  }

  /// Returns the proof that follows from the command lines of a process and its creator.
  private func inference(
    _ id: Int, in forest: ProcessForest, _ findings: Findings
  ) -> ReexecutionProof? {
    let role = forest[id].role
    guard role.hasCommandLineOfItsOwn, let parent = forest[id].parent,
      !findings.isShown(.reexecCycle, by: parent),
      // A stack at its start would have shown main.
      forest[id].site == nil,
      forest[parent].role == .resourceTracker
        || forest[parent].role == .spawnWorker && role == .resourceTracker,
      let executable = forest[parent].executable, executable == forest[id].executable,
      !Program(executable: executable).isPython, !forest.isLauncher(parent, of: id)
    else { return nil }
    return ReexecutionProof(ofExecutable: forest[parent])
  }

  // MARK: Findings

  private mutating func add(
    _ proof: ReexecutionProof, _ event: Event, in forest: ProcessForest,
    _ findings: inout Findings
  ) -> Finding? {
    let record = forest[proof.process]
    let script = Self.script(proof, record, in: forest)
    let method = Self.startMethod(proof, record)
    let place =
      proof.culprit.map { SourceLocation($0) } ?? script.map { SourceLocation(somewhereIn: $0) }
    let key = known.first { key in
      guard let other = findings[key] else { return false }
      // All workers and trackers of a frozen program run main for the same reason.
      if proof.cause == .executable, case .executable = other.cycle,
        let first = other.processes.first
      {
        return forest[first].executable == record.executable
      }
      guard other.startMethod == method else { return false }
      // If a proof can't name the statement, it counts for the same script's proof that can.
      if place?.line == nil || other.culprit?.line == nil {
        return other.script?.path == script?.path
      }
      return other.culprit?.path == place?.path && other.culprit?.line == place?.line
    }
    if let key {
      findings.add(record.id, to: key)
      if place?.line != nil { improve(key, proof, place, event, in: forest, &findings) }
      return nil
    }
    let finding = Finding(
      .reexecCycle, proof.certainty, .cycle(Self.cycle(proof, record)), at: event,
      in: forest, shownBy: [record.id], Self.expectedConsequence(proof, record),
      script: script, culprit: place, callSite: proof.callSite.map { SourceLocation($0) },
      startMethod: method, python: proof.python, stack: proof.frames,
      identity: .places(place))
    known.append(findings.add(finding))
    return finding
  }

  /// Improves a known cycle's finding by a better proof.
  private func improve(
    _ key: Findings.Key, _ proof: ReexecutionProof, _ place: SourceLocation?, _ event: Event,
    in forest: ProcessForest, _ findings: inout Findings
  ) {
    findings.change(key) { finding in
      guard finding.certainty != .proven,
        proof.certainty == .proven || finding.culprit?.line == nil
      else { return }
      finding.certainty = proof.certainty
      finding.stack = proof.frames
      finding.culprit = place
      finding.identify(by: .places(place), in: forest.checkoutDirectory)
      finding.callSite = proof.callSite.map { SourceLocation($0) }
      finding.provenAt = event.time
      finding.provenByEvent = event.sequence
    }
  }

  private static func cycle(_ proof: ReexecutionProof, _ record: ProcessRecord) -> Finding.Cycle {
    switch proof.cause {
    case .preparation: record.role == .forkserver ? .server : .worker
    case .library: .library(WorkerProgram(PythonCommandLine(record.arguments)))
    case .executable: .executable(record.role)
    }
  }

  /// The start method of the worker that a process is, or prepares; nil if it is neither.
  private static func startMethod(
    _ proof: ReexecutionProof, _ record: ProcessRecord
  ) -> StartMethod? {
    switch proof.cause {
    case .preparation: record.startMethod ?? (record.role == .forkserver ? .forkserver : .spawn)
    case .library, .executable: record.startMethod
    }
  }

  /// The script that is run again: the outermost module of main's run.
  private static func script(
    _ proof: ReexecutionProof, _ record: ProcessRecord, in forest: ProcessForest
  ) -> Script? {
    if proof.cause == .executable {
      let path = proof.culprit?.path ?? record.executable
      return path.map {
        Script(path: $0, identity: nil, runsAs: MainModule.name, evidence: .opened)
      }
    }
    let module =
      proof.run.last { $0.isModule && $0.module == MainModule.nameInWorker }
      ?? proof.run.last { $0.isModule && CodeOrigin(path: $0.path) == .user }
    guard let module else { return record.script }
    let known = record.script.flatMap { $0.path == module.path ? $0 : nil }
    return Script(
      path: module.path, identity: known?.identity, runsAs: MainModule.nameInWorker,
      evidence: .opened)
  }

  /// The expected consequence of such a start, by its stack: the RuntimeError ends the worker, or a
  /// test runner swallows it. Where nothing refuses the start, processes follow for ever.
  private static func expectedConsequence(
    _ proof: ReexecutionProof, _ record: ProcessRecord
  ) -> Consequence {
    if proof.cause != .preparation { return .respawning }
    if proof.run.contains(where: \.runsUnittestCase) { return .masked }
    let isPool = proof.run.contains(where: \.isOfPool) || proof.frames.contains(where: \.isOfPool)
    // If a server dies, its clients lose their connections (CPython 3.14).
    return isPool && record.role != .forkserver ? .respawning : .contained
  }
}

extension Role {
  /// Whether a process of this role has a command line that multiprocessing has made.
  fileprivate var hasCommandLineOfItsOwn: Bool {
    self == .spawnWorker || self == .resourceTracker || self == .forkserver
  }
}
