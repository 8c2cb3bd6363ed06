internal import Multiprocessing
internal import TraceModel

/// ST203 `unpicklable-target`: a worker's task cannot be sent to it, or the worker does not find it.
///
/// - The traceback that the process or a test runner writes to standard error shows it: an exception
///   with the frames of multiprocessing that pickle (`ForkingPickler`), whatever class it has.
///   Results that a worker sends back don't count.
/// - A start that launches no worker shows it, even if the program keeps the exception to itself
///   (`LaunchAttempts`).
/// - A worker that dies because its module has no such name shows it (`FailedLookup`). Where main is
///   not imported again, as with a folder, the name can't be there, and that is a crash (ST202).
///
/// The culprit is the innermost line of the user's code that starts the process or submits the
/// task; or the line that defines the name. A finding by a traceback is proven if the traceback is
/// whole, with that line. It is reported when the process writes something else, or ends: the
/// traceback is still on its way to the terminal when it is seen.
struct UnpicklableTarget: Judge {
  static let changes: Change.Kinds = [.raised, .ended, .startFailed]

  private var known: [SourceLocation: Findings.Key] = [:]
  /// Findings about names that workers did not find, by the exception's words.
  private var names: [String: Findings.Key] = [:]
  private var hasFound = false
  /// Findings without a place, by their process: its traceback may name the place.
  private var placeless: [Int: Findings.Key] = [:]
  /// How the command has ended: a start may be known to have failed only then.
  private var termination: Termination?

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    var result: [Finding] = []
    if !change.tracebacks.isEmpty {
      // Its text says what the start has failed of.
      if change.tracebacks.contains(where: \.isOfStart),
        let key = placeless.removeValue(forKey: change.process)
      {
        findings.withdraw(key)
        hasFound = false
      }
      result += raised(change, event, in: run.forest, &findings)
    }
    for failure in change.failedStarts {
      result += failed(failure, event, in: run.forest, &findings)
    }
    if let end = change.workerEnd, end.isFailedLookup(in: run.forest),
      !findings.isShown(.reexecCycle, by: end.process),
      !findings.isShown(.respawnLoop, by: end.process)
    {
      result += notFound(end, event, in: run.forest, &findings)
    }
    if change.kinds.contains(.ended), let key = placeless.removeValue(forKey: change.process),
      findings.isHeld(key), let finding = findings.release(key)
    {
      result.append(finding)
    }
    return result
  }

  mutating func conclude(_ termination: Termination, _ findings: inout Findings) {
    self.termination = termination
    findings.mask(.unpicklableTarget, by: termination)
  }

  /// Judges tracebacks that are whole.
  private mutating func raised(
    _ change: Change, _ event: Event, in forest: ProcessForest, _ findings: inout Findings
  ) -> [Finding] {
    let tracebacks = change.tracebacks
    guard let index = tracebacks.firstIndex(where: \.isOfSending) else { return [] }
    let sending = tracebacks[index]
    let directory = forest.directory(of: change.process)
    // If a thread of the library sends, the user's frames are in the exception that it causes.
    let users = [sending] + tracebacks[(index + 1)...].filter { $0.exception == sending.exception }
    let own =
      users.lazy.map { Array($0.asking).absolute(in: directory).users }.first { !$0.isEmpty } ?? []
    let culprit = own.first.map { SourceLocation($0) }
    // Without a place each traceback would be another finding.
    if culprit == nil, hasFound { return [] }
    let record = forest[change.process]
    let finding = Finding(
      .unpicklableTarget, culprit == nil ? .likely : .proven, .pickling(sending), at: event,
      in: forest, shownBy: [change.process], .contained, script: record.script,
      culprit: culprit, callSite: culprit, startMethod: sending.startMethod,
      python: record.python, stack: sending.frames.absolute(in: directory),
      identity: .places(culprit))
    return add(finding, at: culprit, &findings).new
  }

  /// Judges a start that launched no worker.
  private mutating func failed(
    _ failure: FailedStart, _ event: Event, in forest: ProcessForest,
    _ findings: inout Findings
  ) -> [Finding] {
    let asking = Array(failure.frames.askingForProcess)
    let own = asking.users.filter { !$0.isOfMultiprocessing }
    let culprit = own.first.map { SourceLocation($0) }
    // A traceback without a place has shown it.
    if culprit == nil, hasFound { return [] }
    let finding = Finding(
      .unpicklableTarget, failure.isCertain && culprit != nil ? .proven : .likely, .notLaunched,
      at: event, in: forest, shownBy: [failure.process], .contained,
      script: culprit == nil ? nil : forest[failure.process].script, culprit: culprit,
      callSite: culprit, startMethod: failure.startMethod, python: failure.python,
      stack: failure.frames,
      identity: .places(culprit))
    if culprit == nil {
      hasFound = true
      placeless[failure.process] = findings.add(finding, isHeld: true)
      return []
    }
    return add(finding, at: culprit, &findings).new
  }

  /// Judges the end of a worker that did not find what it was to run.
  private mutating func notFound(
    _ end: WorkerEnd, _ event: Event, in forest: ProcessForest, _ findings: inout Findings
  ) -> [Finding] {
    let record = forest[end.process]
    let parent = record.logicalParent.map { forest[$0] }
    let place = end.definition.map { SourceLocation($0) } ?? end.site?.culprit
    let finding = Finding(
      .unpicklableTarget, end.isCertain ? .proven : .likely, .lookup(end), at: event, in: forest,
      shownBy: [end.process], .contained, script: record.script ?? parent?.script, culprit: place,
      callSite: end.site?.callSite, startMethod: record.startMethod,
      python: record.python ?? parent?.python, stack: end.stack,
      identity: .places(place ?? end.site?.callSite))
    guard case .exception(let traceback) = end.reason else { return [] }
    // A Pool's new workers have no place of their own.
    if let key = names[traceback.summary], findings[key] != nil {
      findings.add(end.process, to: key)
      return []
    }
    let (new, key) = add(finding, at: place, &findings)
    names[traceback.summary] = key
    return new
  }

  /// Adds a finding, unless one with its culprit is known. Returns the finding if it is new, and the
  /// name under which it is known.
  private mutating func add(
    _ finding: Finding, at culprit: SourceLocation?, _ findings: inout Findings
  ) -> (new: [Finding], key: Findings.Key) {
    let place = culprit.map { SourceLocation(path: $0.path, line: $0.line) }
    if let place, let key = known[place], findings[key] != nil {
      for process in finding.processes { findings.add(process, to: key) }
      findings.change(key) { known in
        // The exception's own words, if they come later.
        guard known.detail == .notLaunched, case .pickling = finding.detail else { return }
        known.detail = finding.detail
        known.stack = finding.stack
      }
      return ([], key)
    }
    hasFound = true
    var finding = finding
    if termination == .status(0) { finding.consequence = .masked }
    let key = findings.add(finding)
    if let place { known[place] = key }
    return ([finding], key)
  }
}

extension SourceLocation {
  /// A line alone: not all that name it know its text.
  fileprivate init(path: String, line: Int?) {
    self.init(path: path, line: line, function: "", source: nil)
  }

  /// Where a name is defined.
  fileprivate init(_ definition: SourceDefinition) {
    let statement = definition.source?.statement?.line ?? ""
    self.init(
      path: definition.path, line: definition.place.line,
      function: PythonLine.functionName(statement) ?? "<module>", source: definition.source)
  }
}

extension Traceback {
  /// Whether it leads through the start of a worker.
  fileprivate var isOfStart: Bool { frames.contains { StarterModule(path: $0.path) != nil } }

  /// Whether pickle has failed in frames that send work to a worker.
  fileprivate var isOfSending: Bool {
    guard !["KeyboardInterrupt", "MemoryError"].contains(exception) else { return false }
    // Results go the other way (Lib/multiprocessing/pool.py, concurrent/futures/process.py).
    let isResult = frames.contains { frame in
      frame.plays(.servesPool) || frame.plays(.returnsResult)
        // The traceback of an object's deletion isn't a worker's (pool.py, `Pool.__del__`).
        || frame.function == "__del__"
    }
    return !isResult && frames.contains { $0.plays(.pickles) }
  }

  /// The frames that asked for the pickling, without those of an object's own `__reduce__`.
  fileprivate var asking: ArraySlice<PythonFrame> {
    frames[(frames.lastIndex { $0.plays(.pickles) } ?? frames.startIndex)...]
  }
}
