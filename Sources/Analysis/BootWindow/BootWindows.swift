internal import TraceModel

/// The other way to the proof of a re-execution cycle: from system calls and the traceback's text
/// alone, for interpreters whose stacks can't be read, and for logs that have none.
///
/// A worker's boot window is open from the execve of `spawn_main`, or the server's fork, until it opens
/// `/dev/null` (`Process._bootstrap`) or ends. A start attempt in it shows as
///
/// 1. the module `popen_spawn_posix` or `popen_forkserver` opened after the script was, which an
///    unpickled connection leads to as well;
/// 2. a probe of the resource tracker (up to 3.7 the start of a second one) that is no registration's:
///    that would be a lock's;
/// 3. or the traceback of the RuntimeError with which CPython refuses it;
/// 4. or, in libraries that don't refuse, a worker that the worker starts.
///
/// 1 with 2, 3 or 4 is likely; the traceback alone is a guess, because anybody can print it.
struct BootWindows: Sendable {
  /// The worker's that are being prepared, by process.
  private var open: [Int: Window] = [:]
  /// The starter modules that forkservers have loaded: their workers have them from the fork on.
  private var loaded: [Int: String] = [:]
  private var starts = StartAttempt.Cache()
  /// The processes that a worker made after it had opened a starter: what they execute may come late.
  private var bornInStart: Set<Int> = []

  private struct Window {
    /// Whether it has opened the script that it is to run.
    var hasScript = false
    /// The path of the first starter that it opened then.
    var starter: String?
    var probes = TrackerProbes()
    /// Whether a whole stack showed that what looked like a start was none.
    var isDenied = false
    var text = TracebackText()
  }

  /// A start attempt inside the boot window.
  struct Attempt {
    let process: Int
    let certainty: Certainty
    /// The traceback's frames, innermost first; empty where it wasn't written.
    let frames: [PythonFrame]
    let starter: String?
  }

  /// Judges one event, of which the forest knows already.
  mutating func observe(_ event: Event, in forest: ProcessForest) -> Attempt? {
    if case .exited = event.kind { return exited(event, in: forest) }
    switch event.kind {
    case .started, .executed: break
    // Most events are of processes that aren't being prepared.
    case .opened, .wrote: if open.isEmpty { return nil }
    case .piped, .bound, .connected, .sent, .signalled, .exited, .blinded, .surveyBegan,
      .surveyed, .surveyEnded:
      return nil
    }
    guard let id = forest.id(of: event.process) else { return nil }
    switch event.kind {
    case .started:
      if !open.isEmpty, let parent = forest.parent(of: id), open[parent]?.starter != nil {
        bornInStart.insert(id)
      }
      guard forest.role(of: id) == .forkserverWorker else { return nil }
      var window = Window()
      window.starter = forest.parent(of: id).flatMap { loaded[$0] }
      open[id] = window
      return nil
    case .executed: return executed(id, forest)
    case .opened(let file) where open[id] != nil: return opened(id, forest, file, event.stack)
    case .wrote(let written): return wrote(id, written, event.stack)
    default: return nil
    }
  }

  // MARK: Beginnings and ends

  private mutating func executed(_ id: Int, _ forest: ProcessForest) -> Attempt? {
    open[id] = nil
    let isBornInStart = !bornInStart.isEmpty && bornInStart.remove(id) != nil
    let role = forest.role(of: id)
    guard role == .spawnWorker || role == .forkserver || role == .resourceTracker else {
      return nil
    }
    switch role {
    case .spawnWorker, .forkserver:
      open[id] = Window()
      guard let parent = forest.logicalParent(of: id), let window = open[parent], window.hasScript,
        window.starter != nil, !window.isDenied
      else { return nil }
      return decide(parent, .likely, window)
    case .resourceTracker:
      // Up to 3.7 a lock starts one, too, and is made before (Lib/multiprocessing/semaphore_tracker.py).
      if isBornInStart, let parent = forest.parent(of: id) {
        open[parent]?.probes.probed(inStart: true)
      }
      return nil
    default: return nil
    }
  }

  private mutating func exited(_ event: Event, in forest: ProcessForest) -> Attempt? {
    // The forest has given the pid free already.
    guard let ended = forest.lastEnded else { return nil }
    loaded[ended] = nil
    if !bornInStart.isEmpty { bornInStart.remove(ended) }
    return close(ended)
  }

  /// The window's end: a probe has had its registration, or will have none.
  private mutating func close(_ id: Int) -> Attempt? {
    guard let window = open.removeValue(forKey: id), window.probes.showStart,
      !window.isDenied
    else {
      return nil
    }
    return Attempt(
      process: id, certainty: .likely, frames: window.text.refusal?.frames ?? [],
      starter: window.starter)
  }

  private mutating func decide(_ id: Int, _ certainty: Certainty, _ window: Window) -> Attempt {
    open[id] = nil
    return Attempt(
      process: id, certainty: certainty, frames: window.text.refusal?.frames ?? [],
      starter: window.starter)
  }

  // MARK: In the window

  private mutating func opened(
    _ id: Int, _ forest: ProcessForest, _ file: FileOpen, _ reading: StackReading?
  ) -> Attempt? {
    guard let hasScript = open[id]?.hasScript else { return nil }
    if file.path == "/dev/null" { return close(id) }
    guard StartAttempt.isStarter(file.path) else {
      if !hasScript, let script = forest.script(of: id),
        script.path == file.path || script.identity != nil && script.identity == file.identity
          || file.path.sourceOfCachedModule == script.path
      {
        open[id]?.hasScript = true
      }
      return nil
    }
    if forest.role(of: id) == .forkserver { loaded[id] = file.path }
    guard hasScript, open[id]?.starter == nil else { return nil }
    open[id]?.starter = file.path
    var isDenied = false
    if case .read(let stack) = reading, stack.cut == nil {
      let known = starts.look(
        stack.frames, opening: file.path, in: forest.workingDirectory(of: id) ?? "/")
      isDenied = known.opening?.reexecution == nil
    }
    open[id]?.isDenied = isDenied
    return nil
  }

  private mutating func wrote(
    _ id: Int, _ written: WrittenText, _ reading: StackReading?
  ) -> Attempt? {
    guard var window = open[id] else { return nil }
    if written.text.hasPrefix("PROBE:") || written.text.hasPrefix(#"{"cmd":"PROBE""#) {
      open[id]?.probes.probed(
        inStart: window.starter != nil && !Self.denies(reading) { StartAttempt($0) })
      return nil
    }
    if written.text.hasPrefix("REGISTER:") || written.text.hasPrefix("UNREGISTER:")
      || written.text.hasPrefix(#"{"cmd":""#)
    {
      open[id]?.probes.registered()
      return nil
    }
    guard written.descriptor == 2 else { return nil }
    window.text.append(written.text)
    open[id] = window
    guard let refusal = window.text.refusal, window.hasScript || refusal.tellsPreparation,
      refusal.isWhole || !window.isDenied
    else { return nil }
    return decide(id, window.starter == nil ? .guess : .likely, window)
  }

  /// Whether a stack was read whole and has no start in the preparation of a worker.
  private static func denies(
    _ reading: StackReading?, _ attempt: ([PythonFrame]) -> StartAttempt?
  ) -> Bool {
    guard case .read(let stack) = reading, stack.cut == nil else { return false }
    return attempt(stack.frames)?.reexecution == nil
  }
}
