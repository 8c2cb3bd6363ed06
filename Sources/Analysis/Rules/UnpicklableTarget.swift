internal import Multiprocessing
internal import TraceModel

/// ST203 `unpicklable-target`: a worker's task cannot be sent to it.
///
/// The traceback that the process or a test runner writes to standard error shows it: an exception
/// with the frames of multiprocessing that pickle (`ForkingPickler`), whatever class it has.
/// Results that a worker sends back don't count, nor do objects that it can't find after they have
/// arrived: it dies of that (ST202), or each worker does (ST102). An exception that is never
/// printed is not seen.
///
/// The culprit is the innermost line of the user's code that starts the process or submits the
/// task. The finding is proven if the traceback is whole, with that line. It is reported when the
/// process writes something else, or ends: the traceback is still on its way to the terminal when
/// it is seen.
struct UnpicklableTarget: Judge {
  static let changes: Change.Kinds = .raised

  private var known: [SourceLocation: Findings.Key] = [:]
  private var hasFound = false

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    let tracebacks = change.tracebacks
    guard let index = tracebacks.firstIndex(where: \.isOfSending) else { return [] }
    let sending = tracebacks[index]
    let directory = run.forest.directory(of: change.process)
    // If a thread of the library sends, the user's frames are in the exception that it causes.
    let users = [sending] + tracebacks[(index + 1)...].filter { $0.exception == sending.exception }
    let own =
      users.lazy.map { Array($0.asking).absolute(in: directory).users }.first { !$0.isEmpty } ?? []
    let culprit = own.first.map { SourceLocation($0) }
    if let culprit, let key = known[culprit] {
      findings.add(change.process, to: key)
      return []
    }
    // Without a place each traceback would be another finding.
    if culprit == nil, hasFound { return [] }
    hasFound = true
    let record = run.forest[change.process]
    let finding = Finding(
      .unpicklableTarget, culprit == nil ? .likely : .proven, .pickling(sending), at: event,
      in: run.forest, shownBy: [change.process], .contained, script: record.script,
      culprit: culprit, callSite: culprit, startMethod: sending.startMethod,
      python: record.python, stack: sending.frames.absolute(in: directory),
      identity: .frames(own))
    let key = findings.add(finding)
    if let culprit { known[culprit] = key }
    return [finding]
  }

  mutating func conclude(_ termination: Termination, _ findings: inout Findings) {
    findings.mask(.unpicklableTarget, by: termination)
  }
}

extension Traceback {
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
