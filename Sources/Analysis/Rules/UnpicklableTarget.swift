internal import TraceModel

/// ST203 `unpicklable-target`: what a worker should run cannot be sent to it.
///
/// Told by the traceback that the process writes to standard error, or a test runner for it: an exception with
/// the frames of multiprocessing that pickle what is sent (`ForkingPickler`), whatever class it has. What a worker sends
/// back is another matter, and so is what it doesn't find when it has arrived: of that it dies (ST202), or
/// each one does (ST102). Nothing is told where nobody prints the exception.
///
/// The culprit is the innermost line of the user's code on the way: where the process is started, or the
/// task submitted. The finding is proven where the traceback is whole, with that line. It is told when the
/// process writes something else, or ends: the traceback is on its way when it is seen.
struct UnpicklableTarget: Sendable {
  private(set) var findings: [Finding] = []
  private var known: [SourceLocation: Int] = [:]

  /// The command has ended by itself: with 0, nobody knows.
  mutating func conclude(_ termination: Termination) {
    guard termination == .status(0) else { return }
    for index in findings.indices { findings[index].consequence = .masked }
  }

  /// Those that have written a line of a traceback that may be one.
  private var pending: Set<Int> = []

  /// A process has written a part of a traceback.
  mutating func wrote(_ id: Int, _ text: TracebackText) {
    if text.isAtLineEnd, text.mentionsSending { pending.insert(id) }
  }

  /// A process writes more, or has ended.
  mutating func goesOn(
    _ id: Int, _ text: TracebackText?, _ event: Event, in forest: ProcessForest
  ) -> Finding? {
    guard !pending.isEmpty, pending.remove(id) != nil, let text else { return nil }
    let record = forest.record(id)
    let tracebacks = text.all
    guard let index = tracebacks.firstIndex(where: { $0.isOfSending }) else { return nil }
    let sending = tracebacks[index]
    // Where a thread of the library sends, the user's frames are in the one that is raised for it.
    let users = [sending] + tracebacks[(index + 1)...].filter { $0.exception == sending.exception }
    let own =
      users.lazy.map { traceback in
        Array(traceback.asking).absolute(in: record.workingDirectory ?? "/")
          .filter { CodeOrigin(path: $0.path) == .user }
      }.first { !$0.isEmpty } ?? []
    let culprit = own.first.map { SourceLocation($0) }
    if let culprit, let index = known[culprit] {
      findings[index].add(id)
      return nil
    }
    // Without a place each would be another one.
    if culprit == nil, !findings.isEmpty { return nil }
    var finding = Finding(
      rule: .unpicklableTarget, detail: .pickling(sending),
      certainty: culprit == nil ? .likely : .proven,
      stack: sending.frames.absolute(in: record.workingDirectory ?? "/"), processes: [id],
      provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .unpicklableTarget, startMethod: sending.startMethod, frames: own,
        directory: forest.root?.workingDirectory ?? "/"
      ).description)
    finding.consequence = .contained
    finding.script = record.script
    finding.culprit = culprit
    finding.callSite = culprit
    finding.startMethod = sending.startMethod
    finding.python = record.python
    if let culprit { known[culprit] = findings.count }
    findings.append(finding)
    return finding
  }
}

extension TracebackText {
  /// Most tracebacks have nothing to do with it.
  fileprivate var mentionsSending: Bool { contains("reduction.py") }
}

extension Traceback {
  /// Whether pickle has failed in what sends work to a worker.
  fileprivate var isOfSending: Bool {
    guard !["KeyboardInterrupt", "MemoryError"].contains(exception) else { return false }
    // Results go the other way (Lib/multiprocessing/pool.py, concurrent/futures/process.py).
    let isResult = frames.contains { frame in
      frame.function == "worker" && frame.path.ends(with: "/pool.py")
        || frame.function == "_sendback_result" || frame.function == "_process_worker"
        // What an object says as it is deleted is no worker's (pool.py, `Pool.__del__`).
        || frame.function == "__del__"
    }
    return !isResult
      && frames.contains(where: Self.isSending)
  }

  private static func isSending(_ frame: PythonFrame) -> Bool {
    frame.path.ends(with: "/reduction.py") && ["dump", "dumps"].contains(frame.function)
  }

  /// The frames of who asked for it: without those of an object's own `__reduce__`.
  fileprivate var asking: ArraySlice<PythonFrame> {
    frames[(frames.lastIndex(where: Self.isSending) ?? frames.startIndex)...]
  }

  /// The method of the worker that was to be started; nil where a task was sent to one that is there.
  fileprivate var startMethod: StartMethod? {
    for frame in frames {
      let name = frame.path.lastPathComponent
      if name.hasPrefix("popen_spawn_posix") { return .spawn }
      if name.hasPrefix("popen_forkserver") { return .forkserver }
    }
    return nil
  }
}
