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
  }

  private var open: [Thread: Attempt] = [:]

  /// Adds an event that the forest knows already; returns the starts that it shows to have failed.
  mutating func observe(
    _ event: Event, _ change: Change, in forest: ProcessForest
  ) -> [FailedStart] {
    if event.stack == nil, open.isEmpty { return [] }
    switch event.kind {
    case .started(let start):
      guard let parent = forest[change.process].parent else { return [] }
      let client = forest[change.process].logicalParent
      if let client, client != parent { drop(client) }
      let thread = start.creator ?? forest[parent].pid.firstThread
      return saw(event, Thread(process: parent, thread: thread), opening: nil, in: forest)
    case .exited(let termination):
      return ended(change.process, termination, in: forest)
    case .executed, .signalled, .blinded:
      drop(change.process)
      return []
    case .piped:
      open[Thread(process: change.process, thread: event.thread)] = nil
      return []
    case .opened(let file):
      let path = file.meaning == .starter ? file.path : nil
      return saw(
        event, Thread(process: change.process, thread: event.thread), opening: path, in: forest)
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
    // Most processes with stacks start workers that are there at once.
    let stage = LaunchStage(stack.frames)
    let before = open[thread]
    guard before != nil || stage == .asking || stage == .askingTracker else { return [] }
    switch stage {
    case nil:
      open[thread] = nil
      return before.map { [failure($0, thread, isCertain: true)] } ?? []
    case .launching:
      open[thread] = nil
      return []
    case .pickling: return []
    case .asking where path == nil: return []
    case .asking?, .askingTracker?: break
    }
    guard let stage, !forest[thread.process].isBooting else { return [] }
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

  /// Whether two sightings are of one start: the second one is farther.
  private static func goesOn(_ before: Attempt, as new: Attempt) -> Bool {
    guard before.frames.users == new.frames.users, new.stage == .askingTracker else { return false }
    // A tracker that doesn't answer is started again.
    return before.stage == .asking || before.isProbe && !new.isProbe
  }

  private mutating func ended(
    _ process: Int, _ termination: Termination, in forest: ProcessForest
  ) -> [FailedStart] {
    let attempts = open.filter { $0.key.process == process }
    guard !attempts.isEmpty else { return [] }
    drop(process)
    guard case .status = termination else { return [] }
    let first = forest[process].pid.firstThread
    return attempts.sorted { $0.key.thread.rawValue < $1.key.thread.rawValue }.map {
      failure($0.value, $0.key, isCertain: $0.key.thread == first)
    }
  }

  private func failure(_ attempt: Attempt, _ thread: Thread, isCertain: Bool) -> FailedStart {
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
