internal import Multiprocessing
internal import TraceModel

/// The starts of workers that launched none, because the task could not be pickled: a fold over the
/// events.
///
/// A start is seen when its thread opens the module that starts workers, asks the resource tracker
/// whether it lives, or starts it. It has launched a worker, or is past pickling, when the thread
/// makes a pipe, a process, or a connection to the forkserver. If instead the thread is seen
/// elsewhere, begins another start, or its process ends by itself, there is no worker.
///
/// A signal may have raised an exception in between (KeyboardInterrupt): then nothing is said.
struct LaunchAttempts: Sendable {
  private struct Thread: Hashable {
    var process: Int
    var thread: ThreadID
  }

  private struct Attempt {
    var stage: LaunchStage
    /// Whether the tracker was asked by a message, not started.
    var isProbe: Bool
    let frames: [PythonFrame]
    let startMethod: StartMethod?
    let python: PythonVersion

    var asking: ArraySlice<PythonFrame> { frames.askingForProcess }
  }

  private var open: [Thread: Attempt] = [:]
  /// The processes that have launched a worker, or come close to it.
  private var launched: Set<Int> = []
  /// The processes with a failed start that was reported, or is another rule's.
  private var hasFailed: Set<Int> = []

  /// Adds an event that the forest knows already; returns the starts that it shows to have failed.
  mutating func observe(
    _ event: Event, _ change: Change, in forest: ProcessForest
  ) -> [FailedStart] {
    guard event.stack != nil || !open.isEmpty || !launched.isEmpty else { return [] }
    switch event.kind {
    case .started(let start):
      guard let parent = forest[change.process].parent else { return [] }
      let client = forest[change.process].logicalParent
      if let client, client != parent { drop(client) }
      // It may be the worker.
      guard event.stack?.frames.isEmpty == false else {
        drop(parent)
        return []
      }
      let thread = start.creator ?? forest[parent].pid.firstThread
      return saw(event, Thread(process: parent, thread: thread), opening: nil, in: forest)
    case .exited(let termination):
      return ended(change.process, termination, in: forest)
    case .executed, .signalled, .blinded:
      drop(change.process)
      return []
    case .opened(let file):
      // An import looks for files that aren't there.
      let path = file.meaning == .starter && file.identity != nil ? file.path : nil
      // In a run of main CPython refuses the start: that is ST101's.
      if path != nil, event.stack.map({ MainRun($0.frames[...]) != nil }) == true {
        hasFailed.insert(change.process)
        return []
      }
      let thread = Thread(process: change.process, thread: event.thread)
      let failures = saw(event, thread, opening: path, in: forest)
      if failures.isEmpty, let path, let failure = printed(path, event, thread, in: forest) {
        return [failure]
      }
      return failures
    default:
      return saw(
        event, Thread(process: change.process, thread: event.thread), opening: nil, in: forest)
    }
  }

  /// Forgets the starts of a process: whether they succeed can't be seen.
  private mutating func drop(_ process: Int) {
    if !open.isEmpty { open = open.filter { $0.key.process != process } }
  }

  private mutating func saw(
    _ event: Event, _ thread: Thread, opening path: String?, in forest: ProcessForest
  ) -> [FailedStart] {
    guard case .read(let stack) = event.stack, stack.cut == nil, !stack.frames.isEmpty else {
      return []
    }
    let before = open[thread]
    // Most processes with stacks start workers that are there at once.
    guard
      before != nil || path != nil || Self.asksTracker(event.kind)
        || !launched.contains(thread.process),
      let stage = LaunchStage(stack.frames)
    else {
      guard let before else { return [] }
      // The program hasn't kept the exception: it is being printed, and the text says more.
      if stack.frames.contains(where: \.printsUncaught) {
        hasFailed.insert(thread.process)
        return []
      }
      open[thread] = nil
      return [failure(before, thread, isCertain: true)]
    }
    switch stage {
    case .launching:
      open[thread] = nil
      launched.insert(thread.process)
      // With forkserver a second start is seen only now.
      guard let before, before.asking != asking(stack, of: thread, in: forest) else {
        return []
      }
      return [failure(before, thread, isCertain: true)]
    case .pickling: return []
    case .asking where path == nil: return []
    // With `--capture=all` every call on the way is an event.
    case .askingTracker where !Self.asksTracker(event.kind): return []
    case .asking, .askingTracker: break
    }
    guard !forest[thread.process].isBooting else { return [] }
    var isProbe = false
    if case .wrote = event.kind { isProbe = true }
    let frames = stack.frames.absolute(in: forest.directory(of: thread.process))
    let new = Attempt(
      stage: stage, isProbe: isProbe, frames: frames,
      startMethod: Self.startMethod(frames, opening: path) ?? before?.startMethod,
      python: stack.version)
    open[thread] = new
    guard let before, !Self.goesOn(before, as: new) else { return [] }
    return [failure(before, thread, isCertain: true)]
  }

  private func asking(
    _ stack: PythonCallStack, of thread: Thread, in forest: ProcessForest
  ) -> ArraySlice<PythonFrame> {
    stack.frames.absolute(in: forest.directory(of: thread.process)).askingForProcess
  }

  /// Judges an open of a starter's source outside of a start: the program prints the traceback of an
  /// exception that was raised in it. In a process that has never launched a worker, or has a server
  /// that waits for clients, that is a start that failed. No stack shows its place any more.
  private mutating func printed(
    _ path: String, _ event: Event, _ thread: Thread, in forest: ProcessForest
  ) -> FailedStart? {
    guard case .read(let stack) = event.stack, stack.cut == nil, path.ends(with: ".py"),
      LaunchStage(stack.frames) == nil, !forest[thread.process].isBooting,
      stack.frames.contains(where: \.readsSource), !hasFailed.contains(thread.process),
      !launched.contains(thread.process)
        || StarterModule(path: path) == .forkserver && forest.hasIdleServer(thread.process)
    else { return nil }
    hasFailed.insert(thread.process)
    return FailedStart(
      process: thread.process, frames: [], startMethod: StarterModule(path: path)?.startMethod,
      python: stack.version, isCertain: false)
  }

  /// Whether an event is a start's own question to the tracker, or the start of a new one.
  private static func asksTracker(_ kind: Event.Kind) -> Bool {
    switch kind {
    case .started: true
    case .wrote(let written): TrackerMessage(written.text.utf8) == .probe
    default: false
    }
  }

  /// Whether two sightings are of one start: the second one is farther.
  private static func goesOn(_ before: Attempt, as new: Attempt) -> Bool {
    guard before.asking == new.asking else { return false }
    // A compiled module that is too old is opened, and then its source.
    if before.stage == .asking { return true }
    // A tracker that doesn't answer is started again.
    return new.stage == .askingTracker && before.isProbe && !new.isProbe
  }

  private mutating func ended(
    _ process: Int, _ termination: Termination, in forest: ProcessForest
  ) -> [FailedStart] {
    launched.remove(process)
    hasFailed.remove(process)
    if open.isEmpty { return [] }
    let attempts = open.filter { $0.key.process == process }
    guard !attempts.isEmpty else { return [] }
    drop(process)
    guard case .status = termination else { return [] }
    let first = forest[process].pid.firstThread
    return attempts.sorted { $0.key.thread.rawValue < $1.key.thread.rawValue }.map {
      failedStart($0.value, $0.key, isCertain: $0.key.thread == first)
    }
  }

  private mutating func failure(
    _ attempt: Attempt, _ thread: Thread, isCertain: Bool
  ) -> FailedStart {
    hasFailed.insert(thread.process)
    return failedStart(attempt, thread, isCertain: isCertain)
  }

  private func failedStart(
    _ attempt: Attempt, _ thread: Thread, isCertain: Bool
  ) -> FailedStart {
    FailedStart(
      process: thread.process, frames: attempt.frames, startMethod: attempt.startMethod,
      python: attempt.python,
      // A spawn that was only seen to ask may have failed in another way.
      isCertain: isCertain && (attempt.stage == .askingTracker || attempt.startMethod != .spawn))
  }

  private static func startMethod(
    _ frames: [PythonFrame], opening path: String?
  ) -> StartMethod? {
    let paths = [path].compactMap(\.self) + frames.map(\.path)
    return paths.lazy.compactMap { StarterModule(path: $0) }.first { $0 != .fork }?.startMethod
  }
}
