internal import TraceModel

/// ST203 `unpicklable-target`: what a worker should run cannot be sent to it.
///
/// Told by the traceback that the process writes to standard error, or a test runner for it: pickle's
/// exception with the frames of multiprocessing that send what a worker is to run. What a worker sends
/// back is another matter, and so is what it doesn't find when it has arrived: of that it dies (ST202), or
/// each one does (ST102). Nothing is told where nobody prints the exception.
///
/// The culprit is the innermost line of the user's code on the way: where the process is started, or the
/// task submitted. The finding is proven where the traceback is whole, with that line.
struct UnpicklableTarget: Sendable {
  private(set) var findings: [Finding] = []
  private var known: [SourceLocation: Int] = [:]

  /// The command has ended by itself: with 0, nobody knows.
  mutating func conclude(_ termination: Termination) {
    guard termination == .status(0) else { return }
    for index in findings.indices { findings[index].consequence = .masked }
  }

  /// A process has written a part of a traceback.
  mutating func wrote(
    _ id: Int, _ text: TracebackText, _ event: Event, in forest: ProcessForest
  ) -> Finding? {
    guard text.isAtLineEnd, text.mentionsPickle else { return nil }
    let record = forest.record(id)
    let tracebacks = text.all
    guard let index = tracebacks.firstIndex(where: { $0.isOfSending }) else { return nil }
    let sending = tracebacks[index]
    // Where a thread of the library sends, the user's frames are in the one that is raised for it.
    let users = [sending] + tracebacks[(index + 1)...].filter { $0.exception == sending.exception }
    let frames = users.lazy.map { $0.frames.absolute(in: record.workingDirectory ?? "/") }
      .first { $0.contains { CodeOrigin(path: $0.path) == .user } }
    let own = frames?.filter { CodeOrigin(path: $0.path) == .user } ?? []
    let culprit = own.first.map { SourceLocation($0) }
    if let culprit, let index = known[culprit] {
      findings[index].add(id)
      return nil
    }
    // Without a place each would be another one.
    if culprit == nil, !findings.isEmpty { return nil }
    var finding = Finding(
      rule: .unpicklableTarget, certainty: culprit == nil ? .likely : .proven,
      title: "\(sending.unpicklable) cannot be sent to a worker",
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
    finding.detail = .pickling(sending)
    if let culprit { known[culprit] = findings.count }
    findings.append(finding)
    return finding
  }
}

extension TracebackText {
  /// Most tracebacks have nothing to do with it.
  fileprivate var mentionsPickle: Bool { contains("ickle") || contains("local object") }
}

extension Traceback {
  /// Whether pickle has failed in what sends work to a worker.
  fileprivate var isOfSending: Bool {
    guard isOfPickle else { return false }
    // Results go the other way (Lib/multiprocessing/pool.py, concurrent/futures/process.py).
    let isResult = frames.contains { frame in
      frame.function == "worker" && frame.path.ends(with: "/pool.py")
        || frame.function == "_sendback_result" || frame.function == "_process_worker"
    }
    return !isResult
      && frames.contains { frame in
        frame.path.ends(with: "/reduction.py") && ["dump", "dumps"].contains(frame.function)
          || frame.function == "_launch" && frame.path.lastPathComponent.hasPrefix("popen_")
      }
  }

  /// `_pickle.PicklingError`; `AttributeError: Can't pickle local object` and `Can't get local object`;
  /// `TypeError: cannot pickle '_thread.lock' object`, of old `can't pickle`.
  private var isOfPickle: Bool {
    let name = exception.split(separator: ".").last ?? ""
    switch name {
    case "PicklingError": return true
    case "AttributeError", "TypeError":
      let text = message.lowercased()
      return text.contains("pickle") || text.contains("can't get local object")
    default: return false
    }
  }

  /// What can't be pickled, as the message names it.
  fileprivate var unpicklable: String {
    for quoted in ["local object '", "local object <function ", "pickle '", "pickle <function "] {
      guard let start = message.firstRange(of: quoted)?.upperBound else { continue }
      let name = message[start...].prefix { $0 != "'" && $0 != " " && $0 != ">" || $0 == "<" }
      let whole = quoted.hasSuffix("'") ? message[start...].prefix { $0 != "'" } : name
      if whole.hasSuffix("<lambda") || whole.hasSuffix("<lambda>") { return "a lambda" }
      if whole.contains("<locals>") || whole.contains("<locals") {
        return "`\(message[start...].prefix { $0 != "'" && $0 != " " })`, which is local,"
      }
      return "`\(whole)`"
    }
    return "what the worker should run"
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
