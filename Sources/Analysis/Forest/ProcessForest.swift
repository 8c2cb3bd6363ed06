package import TraceModel

/// The processes of a run, who asked for whom, and what each executes: a fold over the events.
package struct ProcessForest: Sendable {
  /// How many ended processes are remembered that nothing leads to any more: a run may start millions.
  package static let endedLimit = 10_000

  /// What is known of the processes that are remembered; a place is used again when one is forgotten.
  var entries: [Entry] = []
  private var free: [Int] = []
  /// Where the processes stand, by id.
  var places: [Int: Int] = [:]
  /// Where the process stands that has a pid now. A pid comes back when its process was reaped.
  private var live: [Int32: Int] = [:]
  /// How many processes have been seen.
  package private(set) var count = 0
  /// The process that was the last to end.
  package private(set) var lastEnded: Int?
  /// How many have ended and are remembered.
  private var endedCount = 0
  private var versions: [FileIdentity: PythonVersion] = [:]
  private var rendezvous = ForkserverRendezvous()
  private var programs: [String: Program] = [:]
  var starts = StartAttempt.Cache()

  struct Entry {
    var record: ProcessRecord
    var node: Node

    /// Nobody's.
    static let empty = Entry(
      record: ProcessRecord(id: 0, pid: ProcessID(rawValue: 0), role: .other, startedAt: .zero),
      node: Node())
  }

  /// What is remembered of a process beside its record.
  struct Node {
    var isPython = false
    /// Whether it has executed a program itself; else it runs what its parent ran.
    var hasExecuted = false
    var executableIdentity: FileIdentity?
    /// The version that the interpreter's file tells by its name.
    var fileVersion: PythonVersion?
    /// The module of `-m`, until its file is opened.
    var module: String?
    /// The path that was opened last, and how many times in a row.
    var lastOpened: (path: String, times: Int) = ("", 0)
    /// What it executed before, and all that that began with.
    var previousScript: Script?
    var previousState: ScriptState?
    /// How many remembered processes name this one as their parent, or as who asked for them.
    var dependants = 0
    var isLive = true
  }

  package init() {}

  /// The process that has the pid of an event now.
  package func id(of process: ProcessID) -> Int? {
    live[process.rawValue].map { entries[$0].record.id }
  }

  /// What is known of a process; of one that is forgotten, that it was there.
  package func record(_ id: Int) -> ProcessRecord {
    places[id].map { entries[$0].record }
      ?? ProcessRecord(id: id, pid: ProcessID(rawValue: 0), role: .other, startedAt: .zero)
  }

  /// The role of a process, for those who need no more of it.
  package func role(of id: Int) -> Role {
    places[id].map { entries[$0].record.role } ?? .other
  }

  /// The script that a process executes.
  package func script(of id: Int) -> Script? {
    places[id].flatMap { entries[$0].record.script }
  }

  /// What a process executes, and all that it began with.
  package func state(of id: Int) -> ScriptState? {
    places[id].flatMap { entries[$0].record.state }
  }

  /// A number that is the same for the same state, in this run of spawntrace; without a copy of it.
  func stateHash(of id: Int) -> Int? {
    places[id].flatMap { entries[$0].record.state?.hash }
  }

  /// What the process executed before, and all that that began with.
  func previousState(of id: Int) -> ScriptState? {
    places[id].flatMap { entries[$0].node.previousState }
  }

  /// The script that it executed before.
  func previousScript(of id: Int) -> Script? {
    places[id].flatMap { entries[$0].node.previousScript }
  }

  func workingDirectory(of id: Int) -> String? {
    places[id].flatMap { entries[$0].record.workingDirectory }
  }

  /// Who asked for a process.
  func logicalParent(of id: Int) -> Int? {
    places[id].flatMap { entries[$0].record.logicalParent }
  }

  /// Where a process was asked for.
  func site(of id: Int) -> StartSite? {
    places[id].flatMap { entries[$0].record.site }
  }

  /// Whether a process is a worker that isn't ready yet, or a server of workers.
  func isBooting(_ id: Int) -> Bool {
    places[id].map { entries[$0].record.isBooting } ?? false
  }

  /// The role of the process that was the last to begin.
  private(set) var lastStartedRole = Role.other

  /// Whether more have ended than are to be remembered.
  var isFull: Bool { endedCount > Self.endedLimit }

  /// Who made a process.
  package func parent(of id: Int) -> Int? {
    places[id].flatMap { entries[$0].record.parent }
  }

  /// The processes that are remembered, by id.
  package var records: [ProcessRecord] {
    places.keys.sorted().map { record($0) }
  }

  /// The traced command.
  package var root: ProcessRecord? {
    places[1].map { entries[$0].record }
  }

  /// How many processes are alive.
  package var liveCount: Int {
    live.count
  }

  /// The live processes that a process has made.
  package func liveChildren(of id: Int) -> [Int] {
    live.values.map { entries[$0].record }.filter { $0.parent == id }.map(\.id).sorted()
  }

  /// Takes in one event.
  package mutating func apply(_ event: Event) {
    if case .started(let start) = event.kind {
      // The stack is the maker's.
      if let maker = start.parent.flatMap({ live[$0.rawValue] }) {
        noteVersion(event.stack, of: maker)
        noteStack(event.stack, of: maker)
      }
      begin(event, start)
      return
    }
    guard let place = live[event.process.rawValue] else { return }
    noteVersion(event.stack, of: place)
    switch event.kind {
    case .started, .piped, .wrote, .blinded, .surveyBegan, .surveyed, .surveyEnded: break
    case .executed(let execution): execute(place, execution)
    case .opened(let open): self.open(place, open, event.stack)
    case .bound(let address): rendezvous.bound(address, by: entries[place].record.id)
    case .connected(let address):
      noteStack(event.stack, of: place)
      rendezvous.connected(
        address, by: entries[place].record.id,
        at: site(event.stack, of: place))
    case .sent, .signalled: break
    case .exited(let termination):
      entries[place].record.termination = termination
      entries[place].record.endedAt = event.time
      entries[place].node.isLive = false
      live[event.process.rawValue] = nil
      endedCount += 1
      lastEnded = entries[place].record.id
    }
  }

  // MARK: Memory

  /// Forgets a process that has ended, where more than enough of them are remembered, and with it those
  /// before it that only it still led to.
  ///
  /// `isNeeded` says which are spoken of elsewhere.
  package mutating func forget(_ id: Int, unless isNeeded: (Int) -> Bool) {
    var next: [Int] = [id]
    while endedCount > Self.endedLimit, let id = next.popLast() {
      guard id != 1, let place = places[id], !entries[place].node.isLive,
        entries[place].node.dependants == 0, !isNeeded(id)
      else { continue }
      let parent = entries[place].record.parent
      let logicalParent = entries[place].record.logicalParent
      for other in [parent, logicalParent == parent ? nil : logicalParent].compactMap(\.self) {
        release(other)
        next.append(other)
      }
      places[id] = nil
      entries[place] = .empty
      free.append(place)
      endedCount -= 1
      rendezvous.forget(id)
    }
  }

  private mutating func keep(_ id: Int?) {
    if let place = id.flatMap({ places[$0] }) { entries[place].node.dependants += 1 }
  }

  private mutating func release(_ id: Int?) {
    if let place = id.flatMap({ places[$0] }) { entries[place].node.dependants -= 1 }
  }

  /// Who asked for a process has become known, or is no longer so.
  private mutating func setLogicalParent(_ parent: Int?, at place: Int) {
    let before = entries[place].record.logicalParent
    guard parent != before else { return }
    let maker = entries[place].record.parent
    // The maker counts once, whether it asked or not.
    if before != maker { release(before) }
    if parent != maker { keep(parent) }
    entries[place].record.logicalParent = parent
  }

  /// The records with what became known only later: the version of an interpreter that some process
  /// showed holds for all that run the same file.
  package func completedRecords() -> [ProcessRecord] {
    places.sorted { $0.key < $1.key }.map { _, place in
      var record = entries[place].record
      let node = entries[place].node
      if record.python == nil, node.isPython {
        record.python = node.executableIdentity.flatMap { versions[$0] } ?? node.fileVersion
      }
      return record
    }
  }

  /// An interpreter's own word on its version is better than a file's name.
  private mutating func noteVersion(_ reading: StackReading?, of place: Int) {
    guard case .read(let stack) = reading, entries[place].record.python != stack.version else {
      return
    }
    entries[place].record.python = stack.version
    if let identity = entries[place].node.executableIdentity {
      versions[identity] = stack.version
    }
  }

  /// What the stack of a process that starts another tells of itself: most are not looked at otherwise.
  private mutating func noteStack(_ reading: StackReading?, of place: Int) {
    guard case .read(let stack) = reading else { return }
    let record = entries[place].record
    if entries[place].node.module != nil, record.script == nil,
      let main = stack.frames.last(where: { $0.isModule && $0.module == "__main__" }),
      CodeOrigin(path: main.path) != .generated
    {
      entries[place].node.module = nil
      entries[place].record.script = Script(
        path: main.path.absolutePath(in: record.workingDirectory ?? "/"), identity: nil,
        runsAs: "__main__", evidence: .opened)
    }
    if record.startAttempt.isEmpty, let attempt = StartAttempt(stack.frames),
      attempt.reexecution == nil
    {
      entries[place].record.startAttempt = stack.userFrames(in: record.workingDirectory ?? "/")
    }
  }

  // MARK: Beginnings

  /// Where a process asks for another one.
  private func site(_ reading: StackReading?, of place: Int) -> StartSite? {
    guard case .read(let stack) = reading else { return nil }
    let record = entries[place].record
    return StartSite(stack, in: record.workingDirectory ?? "/", script: record.script?.path)
  }

  private mutating func begin(_ event: Event, _ start: Start) {
    count += 1
    var record = ProcessRecord(id: count, pid: event.process, role: .other, startedAt: event.time)
    var node = Node()
    if let place = start.parent.flatMap({ live[$0.rawValue] }) {
      let origin = entries[place].record
      let parent = origin.id
      node = entries[place].node
      node.lastOpened = ("", 0)
      node.hasExecuted = false
      node.dependants = 0
      node.previousState = nil
      record.parent = parent
      record.logicalParent = parent
      record.executable = origin.executable
      record.arguments = origin.arguments
      record.workingDirectory = origin.workingDirectory
      record.python = origin.python
      record.script = origin.script
      record.site = site(event.stack, of: place)
      switch origin.role {
      // What it starts by vfork is another program (subprocess), no worker; and what the main script forks
      // while the server imports it is the script's.
      case .forkserver where start.call != .vfork && record.site?.isFork != true:
        record.role = .forkserverWorker
        record.startMethod = .forkserver
        let client = rendezvous.client(ofForkBy: parent)
        record.logicalParent = client?.process ?? origin.logicalParent
        record.site = client?.site
        record.isBooting = true
      case .shell: record.role = .shell
      case .other: record.role = .other
      default:
        record.role = .forkWorker
        record.startMethod = .fork
      }
    }
    lastStartedRole = record.role
    keep(record.parent)
    if record.logicalParent != record.parent { keep(record.logicalParent) }
    let entry = Entry(record: record, node: node)
    let place: Int
    if let unused = free.popLast() {
      place = unused
      entries[place] = entry
    } else {
      place = entries.count
      entries.append(entry)
    }
    places[record.id] = place
    // One whose end was never seen has lost its pid.
    if let lost = live.updateValue(place, forKey: event.process.rawValue) {
      entries[lost].node.isLive = false
      endedCount += 1
    }
  }

  private mutating func execute(_ place: Int, _ execution: Execution) {
    // Taken out and put back: a copy of its dozen members is what an execution would cost most.
    var record = Entry.empty.record
    swap(&record, &entries[place].record)
    var node = Node()
    node.dependants = entries[place].node.dependants
    if entries[place].node.hasExecuted {
      node.previousState = record.state
      node.previousScript = record.script
    }
    let program = self.program(execution.executable)
    node.isPython = program.isPython
    node.fileVersion = program.version
    node.executableIdentity = execution.executableIdentity
    if entries[place].node.hasExecuted, let executable = record.executable {
      record.earlierImages.append(
        .init(role: record.role, executable: executable, arguments: record.arguments))
      if record.earlierImages.count > ProcessRecord.earlierImageLimit {
        record.earlierImages.removeFirst()
      }
    }
    node.hasExecuted = true
    record.executable = execution.executable
    record.arguments = execution.arguments
    record.workingDirectory = execution.workingDirectory
    record.python = nil
    record.script = nil
    record.startMethod = nil
    record.startAttempt = []
    record.state = nil
    record.isBooting = false
    if let command = WorkerCommand(execution.arguments) {
      record.role = command.role
      record.startMethod = command.startMethod
      record.isBooting = command.startMethod == .spawn || command.role == .forkserver
      node.isPython = true
      if command.role == .forkserver {
        rendezvous.began(server: record.id, startedBy: record.parent)
      }
    } else if node.isPython {
      let isMain = record.role == .main || !hasPythonAncestor(record)
      record.role = isMain ? .main : .subprocess
      (record.script, node.module) = declaredScript(execution)
      record.state = ScriptState(execution)
    } else {
      record.role = program.isShell ? .shell : .other
    }
    entries[place] = Entry(record: record, node: node)
    setLogicalParent(record.parent, at: place)
  }

  /// What a file's name tells of a program: a run executes the same few again and again.
  private struct Program {
    var isPython: Bool
    var isShell: Bool
    var version: PythonVersion?
  }

  private mutating func program(_ executable: String) -> Program {
    if let known = programs[executable] { return known }
    let program = Program(
      isPython: PythonCommandLine.isInterpreter(executable),
      isShell: Self.shells.contains(executable.lastPathComponent),
      version: PythonVersion(executable: executable))
    if programs.count >= Self.programLimit { programs = [:] }
    programs[executable] = program
    return program
  }

  private static let programLimit = 1000

  private static let shells: Set<Substring> = [
    "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "busybox", "rbash",
  ]

  private func hasPythonAncestor(_ record: ProcessRecord) -> Bool {
    var next = record.parent
    while let place = next.flatMap({ places[$0] }) {
      if entries[place].node.isPython { return true }
      next = entries[place].record.parent
    }
    return false
  }

  private func declaredScript(_ execution: Execution) -> (script: Script?, module: String?) {
    if let file = execution.script {
      // A directory is run by its __main__.py (runpy, pymain_run_main_from_importer).
      return (
        Script(
          path: file.isDirectory ? file.path + "/__main__.py" : file.path,
          identity: file.isDirectory ? nil : file.identity, runsAs: "__main__",
          evidence: .declared), nil
      )
    }
    if case .module(let name) = PythonCommandLine(execution.arguments).target { return (nil, name) }
    return (nil, nil)
  }
}
