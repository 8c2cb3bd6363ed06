internal import Multiprocessing
internal import TraceModel

/// The other way to the proof of a re-execution cycle: from system calls and the traceback's text
/// alone, for interpreters with unreadable stacks, and for logs, which have no stacks.
///
/// A worker's boot window is open from the execve of `spawn_main`, or the server's fork, until it
/// opens `/dev/null` (`Process._bootstrap`) or ends. A start attempt in it shows as
///
/// 1. the module `popen_spawn_posix` or `popen_forkserver` opened after the script was, which an
///    unpickled connection leads to as well;
/// 2. a probe of the resource tracker (up to 3.7 the start of a second one) that belongs to no
///    registration, as a lock's would;
/// 3. or the traceback of CPython's RuntimeError that refuses it;
/// 4. or, in libraries that don't refuse, a worker that the worker starts.
///
/// 1 with 2, 3 or 4 is likely; the traceback alone is a guess, because any program can print it. If
/// the worker's stacks can be read, a text counts only if the interpreter itself prints it, for an
/// exception that the program let through.
struct BootWindows: Sendable {
  /// Open boot windows, by process.
  private var open: [Int: Window] = [:]
  /// The starter modules that forkservers have loaded: their workers have them from the fork on.
  private var loaded: [Int: String] = [:]
  private var starts = StartAttemptCache()
  /// The processes that a worker made after it had opened a starter: they may execute a program
  /// late.
  private var bornInStart: Set<Int> = []
  /// Whether stacks count.
  private let believesStacks: Bool

  init(_ evidence: Evidence) {
    believesStacks = evidence == .all
  }

  private struct Window {
    /// Whether the worker has opened the script that it is to run.
    var hasScript = false
    /// The path of the first starter that the worker opened after the script.
    var starter: String?
    var probes = TrackerProbes()
    /// Whether a whole stack showed that an apparent start isn't one.
    var isDenied = false
    /// Whether a whole stack of the worker was read.
    var hasStack = false
    /// What became of the exception whose traceback was begun last.
    var handling: ExceptionHandling?
  }

  /// A start attempt inside the boot window.
  struct Attempt {
    let process: Int
    let certainty: Certainty
    /// The traceback's frames, innermost first; empty if none was written.
    let frames: [PythonFrame]
    let starter: String?
  }

  /// Judges one event, which the forest knows already.
  mutating func observe(
    _ event: Event, _ change: Change, in forest: ProcessForest
  ) -> Attempt? {
    let id = change.process
    if !open.isEmpty, event.stack != nil { noteStack(event, by: id, in: forest) }
    switch event.kind {
    case .started: began(id, in: forest)
    case .executed: return executed(id, in: forest)
    case .exited:
      loaded[id] = nil
      if !bornInStart.isEmpty { bornInStart.remove(id) }
      return close(id, in: forest)
    // Most events belong to processes outside a boot window.
    case .opened(let file):
      if !open.isEmpty, open[id] != nil { return opened(id, file, event.stack, in: forest) }
    case .wrote(let written):
      if !open.isEmpty, open[id] != nil { return wrote(id, written, event.stack, in: forest) }
    default: break
    }
    return nil
  }

  /// Notes that a worker's stacks can be read.
  private mutating func noteStack(_ event: Event, by id: Int, in forest: ProcessForest) {
    guard believesStacks, case .read(let stack) = event.stack, stack.cut == nil else { return }
    // The stack of a start is the creator's.
    let owner = if case .started = event.kind { forest[id].parent } else { id }
    if let owner { open[owner]?.hasStack = true }
  }

  // MARK: Beginnings and ends

  private mutating func began(_ id: Int, in forest: ProcessForest) {
    let parent = forest[id].parent
    if !open.isEmpty, let parent, open[parent]?.starter != nil { bornInStart.insert(id) }
    guard forest[id].role == .forkserverWorker, forest[id].isBooting else { return }
    var window = Window()
    window.starter = parent.flatMap { loaded[$0] }
    open[id] = window
  }

  private mutating func executed(_ id: Int, in forest: ProcessForest) -> Attempt? {
    open[id] = nil
    let isBornInStart = !bornInStart.isEmpty && bornInStart.remove(id) != nil
    if forest[id].isBooting {
      open[id] = Window()
      guard let parent = forest[id].logicalParent, let window = open[parent], window.hasScript,
        window.starter != nil, !window.isDenied
      else { return nil }
      return decide(parent, .likely, window, in: forest)
    }
    // Up to 3.7 a lock starts a tracker, too, but is made before
    // (Lib/multiprocessing/semaphore_tracker.py).
    if isBornInStart, forest[id].role == .resourceTracker, let parent = forest[id].parent {
      open[parent]?.probes.probed(inStart: true)
    }
    return nil
  }

  /// Judges a window at its end: a probe has had its registration, or will have none.
  private mutating func close(_ id: Int, in forest: ProcessForest) -> Attempt? {
    guard let window = open.removeValue(forKey: id), window.probes.showStart, !window.isDenied
    else { return nil }
    return decide(id, .likely, window, in: forest)
  }

  private mutating func decide(
    _ id: Int, _ certainty: Certainty, _ window: Window, in forest: ProcessForest
  ) -> Attempt {
    open[id] = nil
    return Attempt(
      process: id, certainty: certainty, frames: forest.tracebacks(of: id)?.refusal?.frames ?? [],
      starter: window.starter)
  }

  // MARK: In the window

  private mutating func opened(
    _ id: Int, _ file: FileOpen, _ reading: StackReading?, in forest: ProcessForest
  ) -> Attempt? {
    guard let hasScript = open[id]?.hasScript else { return nil }
    switch file.meaning {
    case .endOfBoot: return close(id, in: forest)
    case .program, .forkStarter:
      if !hasScript, let script = forest[id].script, script.isRead(by: file) {
        open[id]?.hasScript = true
      }
    case .starter:
      if forest[id].role == .forkserver { loaded[id] = file.path }
      guard hasScript, open[id]?.starter == nil else { break }
      open[id]?.starter = file.path
      let isDenied = denies(reading, opening: file.path, by: id, in: forest)
      open[id]?.isDenied = isDenied
    case .other: break
    }
    return nil
  }

  private mutating func wrote(
    _ id: Int, _ written: WrittenText, _ reading: StackReading?, in forest: ProcessForest
  ) -> Attempt? {
    switch TrackerMessage(written.text.utf8) {
    case .probe:
      let isStart = open[id]?.starter != nil && !denies(reading, by: id, in: forest)
      open[id]?.probes.probed(inStart: isStart)
    case .registration: open[id]?.probes.registered()
    case nil:
      if written.descriptor == 2, TracebackReader.begins(in: written.text) {
        let before = open[id]?.handling
        open[id]?.handling = ExceptionHandling(reading, after: before)
      }
      guard written.descriptor == 2, let refusal = forest.tracebacks(of: id)?.refusal,
        let window = open[id],
        !window.hasStack || window.handling == .uncaught && refusal.isRaisedByCheck,
        window.hasScript || refusal.showsPreparation,
        refusal.isWhole || !window.isDenied
      else { return nil }
      return decide(id, window.starter == nil ? .guess : .likely, window, in: forest)
    }
    return nil
  }

  /// Whether a stack was read whole and has no start in the preparation of a worker.
  private mutating func denies(
    _ reading: StackReading?, opening path: String? = nil, by id: Int, in forest: ProcessForest
  ) -> Bool {
    guard case .read(let stack) = reading, stack.cut == nil else { return false }
    let known = starts.examine(stack.frames, opening: path, in: forest.directory(of: id))
    let attempt = path == nil ? known.attempt : known.opening
    return attempt?.reexecution == nil
  }
}

extension Script {
  /// Whether an opened file is the script's, or its compiled form.
  fileprivate func isRead(by file: FileOpen) -> Bool {
    path == file.path || identity != nil && identity == file.identity
      || file.path.sourceOfCachedModule == path
  }
}
