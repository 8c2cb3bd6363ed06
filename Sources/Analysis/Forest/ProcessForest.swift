internal import Multiprocessing
package import TraceModel

/// The processes of a run, their logical parents, and what each executes: a fold over the events.
package struct ProcessForest: Sendable {
  /// The number of ended processes that are remembered although nothing leads to them: a run may
  /// start millions.
  package static let endedLimit = 10_000

  /// The facts about the processes that are remembered; the slot of a forgotten one is used again.
  var entries: [Entry] = []
  var freeSlots: [Int] = []
  /// The slots of the processes, by their numbers.
  var slots: [Int: Int] = [:]
  /// The slot of the process that has a pid now. A pid comes back once its process was reaped.
  var live: [ProcessID: Int] = [:]
  /// How many processes have been seen.
  package internal(set) var count = 0
  /// How many have ended and are remembered.
  var endedCount = 0
  var versions: [FileIdentity: PythonVersion] = [:]
  var rendezvous = ForkserverRendezvous()
  var programs: [String: Program] = [:]
  var starts = StartAttemptCache()
  var sites = StartSiteCache()
  /// The test that the first interpreter of the run was given, if it has executed: whatever runs
  /// spawntrace has set that.
  var outerTest: String??
  /// The checkout that the run works on; nil if it isn't known.
  private let checkout: String?

  struct Entry {
    var record: ProcessRecord
    var node: Node

    static let unknown = Entry(
      record: ProcessRecord(id: 0, pid: ProcessID(rawValue: 0), role: .other, startedAt: .zero),
      node: Node())
  }

  /// The facts about a process that its record doesn't hold.
  struct Node {
    var state = ProcessState()
    /// Whether the process has executed a program itself; else it runs its parent's image.
    var hasExecuted = false
    var executableIdentity: FileIdentity?
    /// The version in the name of the interpreter's file.
    var fileVersion: PythonVersion?
    /// The module of `-m`, until its file is opened.
    var module: String?
    /// Whether it has begun with its standard input open; nil if that isn't known.
    var hasInput: Bool?
    /// The path that was opened last, and how many times in a row.
    var lastOpened: (path: String, times: Int) = ("", 0)
    /// The script that it executed before, with all that it began with.
    var previousScript: Script?
    var previousState: ScriptState?
    /// Where a Python program in this process executed the present one.
    var replacedAt: StartSite?
    /// The tracebacks that it has written; nil if none.
    var tracebacks: TracebackReader?
    /// How many remembered processes name this one as their parent or logical parent.
    var dependants = 0
    var isLive = true
  }

  package init(checkout: String? = nil) {
    self.checkout = checkout
  }

  // MARK: Questions

  /// The number of the process that has a pid now.
  package func id(of process: ProcessID) -> Int? {
    live[process].map { entries[$0].record.id }
  }

  /// The facts about a process, without a copy; of a forgotten one only that it existed.
  package subscript(id: Int) -> ProcessRecord {
    _read {
      if let slot = slots[id] {
        yield entries[slot].record
      } else {
        yield Entry.unknown.record
      }
    }
  }

  /// The script that it executed before, with all that it began with.
  func previous(of id: Int) -> (script: Script?, state: ScriptState)? {
    guard let slot = slots[id], let state = entries[slot].node.previousState else { return nil }
    return (entries[slot].node.previousScript, state)
  }

  /// Where a process was asked to run its program: by the program before it, or by its parent.
  func beginning(of id: Int) -> StartSite? {
    slots[id].flatMap { entries[$0].node.replacedAt } ?? self[id].site
  }

  /// The tracebacks that a process has written.
  func tracebacks(of id: Int) -> TracebackReader? {
    slots[id].flatMap { entries[$0].node.tracebacks }
  }

  /// Whether a worker opens `/dev/null` when it is ready, because it has begun with its standard
  /// input open, or the server has that has forked it; nil if that isn't known.
  func opensNullDevice(_ id: Int) -> Bool? {
    guard let entry = slots[id].map({ entries[$0] }) else { return nil }
    if entry.node.hasExecuted { return entry.node.hasInput }
    return entry.record.parent.flatMap { slots[$0] }.flatMap { entries[$0].node.hasInput }
  }

  /// The directory that a process's relative paths start from.
  func directory(of id: Int) -> String {
    self[id].workingDirectory ?? "/"
  }

  /// The directory in which the run began: paths in reports are relative to it.
  var directory: String { self[1].workingDirectory ?? "/" }

  /// The directory that fingerprints are relative to.
  var checkoutDirectory: String { checkout ?? directory }

  /// The traced command.
  package var root: ProcessRecord? {
    slots[1].map { entries[$0].record }
  }

  /// How many processes are alive.
  package var liveCount: Int { live.count }

  /// The live processes that a process has made.
  package func liveChildren(of id: Int) -> [Int] {
    live.values.filter { entries[$0].record.parent == id }.map { entries[$0].record.id }.sorted()
  }

  /// Whether a process that was forked by this one lives, and has executed nothing since.
  func hasLiveCopy(of id: Int) -> Bool {
    live.values.contains { entries[$0].record.parent == id && !entries[$0].node.hasExecuted }
  }

  /// Whether a process is known to be a worker of multiprocessing or a library like it.
  func isWorker(_ id: Int) -> Bool {
    switch self[id].role {
    case .spawnWorker, .forkserverWorker: true
    case .forkWorker: self[id].site?.isOfWorker == true
    default: false
    }
  }

  /// Whether a process only executes its own program with its own command line again, and has no
  /// interpreter itself, as the one-file programs of PyInstaller do.
  func isLauncher(_ parent: Int, of id: Int) -> Bool {
    let (one, other) = (self[parent], self[id])
    return one.arguments == other.arguments && one.executable == other.executable
      && other.site == nil && !(one.executable.map { Program(executable: $0).isPython } ?? true)
  }

  /// Whether a process runs another program than its parent: it isn't a fork, nor a worker, nor a
  /// server of workers.
  func beginsProgram(_ id: Int) -> Bool {
    slots[id].map { entries[$0].node.hasExecuted } == true && !isWorker(id)
      && self[id].role != .forkserver
  }

  /// Whether a process is a server of workers that still imports main, and that a client waits for.
  func isServerThatNeverServed(_ id: Int) -> Bool {
    self[id].role == .forkserver && self[id].isBooting && rendezvous.isAwaited(id)
  }

  /// Whether a process has a live server of workers, which owes it no worker.
  func hasIdleServer(_ id: Int) -> Bool {
    let servers = liveChildren(of: id).filter { self[$0].role == .forkserver }
    return !servers.isEmpty && !servers.contains { rendezvous.isAwaited($0) }
  }

  /// Whether a process has made another, or asked for it, directly or through others.
  func isAncestor(_ ancestor: Int, of id: Int) -> Bool {
    var next: [Int] = [id]
    // A process and its logical parent may have a common parent: the way up isn't long.
    for _ in 0..<1000 {
      guard let id = next.popLast() else { return false }
      for parent in Set([self[id].parent, self[id].logicalParent].compactMap(\.self)) {
        if parent == ancestor { return true }
        next.append(parent)
      }
    }
    return false
  }

  /// The records, completed by later knowledge: the version of an interpreter that some process
  /// showed holds for all processes that run the same file.
  package func completedRecords() -> [ProcessRecord] {
    slots.sorted { $0.key < $1.key }.map { _, slot in
      var record = entries[slot].record
      let node = entries[slot].node
      if record.python == nil, node.state.isPython {
        record.python = node.executableIdentity.flatMap { versions[$0] } ?? node.fileVersion
      }
      return record
    }
  }

  // MARK: Events

  /// Adds one event, and returns what it changed.
  @discardableResult
  package mutating func apply(_ event: Event) -> Change {
    var change: Change
    if case .started(let start) = event.kind {
      change = started(event, start)
    } else if let slot = live[event.process] {
      noteVersion(event.stack, ofSlot: slot)
      change = Change(process: entries[slot].record.id)
      apply(event, toSlot: slot, &change)
    } else {
      change = Change(process: 0)
    }
    switch event.kind {
    case .surveyBegan, .surveyed, .surveyEnded: change.kinds.insert(.surveyed)
    default: break
    }
    if event.stack != nil { change.kinds.insert(.withStack) }
    return change
  }

  private mutating func apply(_ event: Event, toSlot slot: Int, _ change: inout Change) {
    switch event.kind {
    case .started, .piped, .sent, .signalled, .dying, .blinded, .surveyBegan, .surveyed,
      .surveyEnded:
      break
    case .awaited: change.kinds = .awaited
    case .executed(let execution):
      execute(slot, execution, event.stack)
      change.kinds = .executed
    case .opened(let open):
      self.open(slot, open, event.stack)
      change.kinds = Change.Kinds(open.meaning)
    case .wrote(let written):
      change.kinds = .wrote
      if written.descriptor == 2 { read(written.text, ofSlot: slot, &change) }
    case .bound(let address): rendezvous.bound(address, by: change.process)
    case .connected(let address):
      noteStack(event.stack, ofSlot: slot)
      rendezvous.connected(address, by: change.process, at: site(event.stack, ofSlot: slot))
    case .exited(let termination):
      entries[slot].record.termination = termination
      entries[slot].record.endedAt = event.time
      entries[slot].node.isLive = false
      live[event.process] = nil
      endedCount += 1
      change.kinds = .ended
      if let tracebacks = entries[slot].node.tracebacks?.finish(), !tracebacks.isEmpty {
        change.tracebacks = tracebacks
        change.kinds.insert(.raised)
      }
    }
  }

  private mutating func read(_ text: String, ofSlot slot: Int, _ change: inout Change) {
    if entries[slot].node.tracebacks == nil { entries[slot].node.tracebacks = TracebackReader() }
    guard let tracebacks = entries[slot].node.tracebacks?.read(text), !tracebacks.isEmpty else {
      return
    }
    change.tracebacks = tracebacks
    change.kinds.insert(.raised)
  }

  // MARK: What stacks say

  /// The place where a process asks for another one.
  mutating func site(_ reading: StackReading?, ofSlot slot: Int) -> StartSite? {
    guard case .read(let stack) = reading else { return nil }
    return sites.site(
      stack, in: entries[slot].record.workingDirectory ?? "/",
      script: entries[slot].record.script?.path)
  }

  /// The version that a stack shows: the interpreter's own is better than a file name's.
  func version(_ reading: StackReading?) -> PythonVersion? {
    if case .read(let stack) = reading { stack.version } else { nil }
  }

  mutating func noteVersion(_ reading: StackReading?, ofSlot slot: Int) {
    guard let version = version(reading), entries[slot].record.python != version else { return }
    entries[slot].record.python = version
    if let identity = entries[slot].node.executableIdentity { versions[identity] = version }
  }

  /// Keeps what the stack at a start shows about the creator: most creators' stacks are read only
  /// then.
  mutating func noteStack(_ reading: StackReading?, ofSlot slot: Int) {
    guard case .read(let stack) = reading else { return }
    let directory = entries[slot].record.workingDirectory ?? "/"
    if entries[slot].node.module != nil, entries[slot].record.script == nil,
      let main = stack.frames.last(where: { $0.isModule && $0.module == MainModule.name }),
      CodeOrigin(path: main.path) != .generated
    {
      entries[slot].node.module = nil
      entries[slot].record.script = Script(
        path: main.path.absolutePath(in: directory), identity: nil, runsAs: MainModule.name,
        evidence: .opened)
    }
    if entries[slot].record.startAttempt.isEmpty, let attempt = StartAttempt(stack.frames),
      attempt.reexecution == nil
    {
      entries[slot].record.startAttempt = stack.frames.absolute(in: directory).users
    }
  }
}

extension Change.Kinds {
  fileprivate init(_ meaning: FileOpen.Meaning) {
    self =
      switch meaning {
      case .program: .openedProgram
      case .starter: .openedStarter
      case .forkStarter: .openedForkStarter
      case .endOfBoot: .booted
      case .other: []
      }
  }
}
