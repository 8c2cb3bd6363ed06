package import TraceModel

/// The processes of a run, who asked for whom, and what each executes: a fold over the events.
package struct ProcessForest: Sendable {
  /// All processes seen, by id less one.
  package private(set) var records: [ProcessRecord] = []
  /// What the rules don't need to know, by the same index.
  private var nodes: [Node] = []
  /// Who has a pid now. A pid comes back when its process was reaped.
  private var live: [ProcessID: Int] = [:]
  private var versions: [FileIdentity: PythonVersion] = [:]
  private var rendezvous = ForkserverRendezvous()

  /// What is remembered of a process beside its record.
  private struct Node {
    var isPython = false
    /// Whether it has executed a program itself; else it runs what its parent ran.
    var hasExecuted = false
    var executableIdentity: FileIdentity?
    /// The module of `-m`, until its file is opened.
    var module: String?
    /// The path that was opened last, and how many times in a row.
    var lastOpened: (path: String, times: Int) = ("", 0)
  }

  package init() {}

  /// The process that has the pid of an event now.
  package func id(of process: ProcessID) -> Int? {
    live[process]
  }

  package func record(_ id: Int) -> ProcessRecord {
    records[id - 1]
  }

  /// How many processes are alive.
  package var liveCount: Int {
    live.count
  }

  /// Takes in one event.
  package mutating func apply(_ event: Event) {
    if case .started(let start) = event.kind {
      // The stack is the maker's.
      if let maker = start.parent.flatMap({ live[$0] }) { noteVersion(event.stack, of: maker) }
      begin(event, start)
      return
    }
    guard let id = live[event.process] else { return }
    noteVersion(event.stack, of: id)
    switch event.kind {
    case .started, .piped, .wrote, .surveyBegan, .surveyed, .surveyEnded: break
    case .executed(let execution): execute(id, execution)
    case .opened(let open): self.open(id, open, event.stack)
    case .bound(let address): rendezvous.bound(address, by: id)
    case .connected(let address): rendezvous.connected(address, by: id)
    case .signalled: break
    case .exited(let termination):
      records[id - 1].termination = termination
      records[id - 1].endedAt = event.time
      live[event.process] = nil
    }
  }

  /// The records with what became known only later: the version of an interpreter that some process
  /// showed holds for all that run the same file.
  package func completedRecords() -> [ProcessRecord] {
    zip(records, nodes).map { record, node in
      var record = record
      if record.python == nil, node.isPython {
        record.python =
          node.executableIdentity.flatMap { versions[$0] }
          ?? record.executable.flatMap(PythonVersion.init(executable:))
      }
      return record
    }
  }

  /// An interpreter's own word on its version is better than a file's name.
  private mutating func noteVersion(_ reading: StackReading?, of id: Int) {
    guard case .read(let stack) = reading else { return }
    records[id - 1].python = stack.version
    if let identity = nodes[id - 1].executableIdentity { versions[identity] = stack.version }
  }

  // MARK: Beginnings

  private mutating func begin(_ event: Event, _ start: Start) {
    let id = records.count + 1
    var record = ProcessRecord(id: id, pid: event.process, role: .other, startedAt: event.time)
    var node = Node()
    if let parent = start.parent.flatMap({ live[$0] }) {
      let origin = records[parent - 1]
      node = nodes[parent - 1]
      node.lastOpened = ("", 0)
      node.hasExecuted = false
      record.parent = parent
      record.logicalParent = parent
      record.executable = origin.executable
      record.arguments = origin.arguments
      record.workingDirectory = origin.workingDirectory
      record.python = origin.python
      record.script = origin.script
      switch origin.role {
      // What it starts by vfork is another program (subprocess), no worker.
      case .forkserver where start.call != .vfork:
        record.role = .forkserverWorker
        record.startMethod = .forkserver
        record.logicalParent = rendezvous.client(ofForkBy: parent) ?? origin.logicalParent
      case .shell: record.role = .shell
      case .other: record.role = .other
      default:
        record.role = .forkWorker
        record.startMethod = .fork
      }
    }
    records.append(record)
    nodes.append(node)
    live[event.process] = id
  }

  private mutating func execute(_ id: Int, _ execution: Execution) {
    let before = records[id - 1]
    var node = Node()
    node.isPython = PythonCommandLine.isInterpreter(execution.executable)
    node.executableIdentity = execution.executableIdentity
    var record = before
    if nodes[id - 1].hasExecuted, let executable = before.executable {
      record.earlierImages.append(
        .init(role: before.role, executable: executable, arguments: before.arguments))
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
    record.logicalParent = record.parent
    if let command = WorkerCommand(execution.arguments) {
      record.role = command.role
      record.startMethod = command.startMethod
      node.isPython = true
      if command.role == .forkserver { rendezvous.began(server: id, startedBy: record.parent) }
    } else if node.isPython {
      record.role = before.role == .main || !hasPythonAncestor(id) ? .main : .subprocess
      (record.script, node.module) = declaredScript(execution)
    } else {
      record.role = Self.shells.contains(execution.executable.lastPathComponent) ? .shell : .other
    }
    records[id - 1] = record
    nodes[id - 1] = node
  }

  private static let shells: Set<Substring> = [
    "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "busybox", "rbash",
  ]

  private func hasPythonAncestor(_ id: Int) -> Bool {
    var next = records[id - 1].parent
    while let ancestor = next {
      if nodes[ancestor - 1].isPython { return true }
      next = records[ancestor - 1].parent
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

  // MARK: Opened files

  private mutating func open(_ id: Int, _ open: FileOpen, _ reading: StackReading?) {
    if case .read(let stack) = reading,
      let attempt = StartAttempt(stack.frames, opening: open.path)
    {
      if attempt.reexecution == nil, records[id - 1].startAttempt.isEmpty {
        records[id - 1].startAttempt = stack.userFrames(
          in: records[id - 1].workingDirectory ?? "/")
      }
      return
    }
    let last = nodes[id - 1].lastOpened
    nodes[id - 1].lastOpened = (open.path, last.path == open.path ? last.times + 1 : 1)
    recogniseScript(id, open)
  }

  private mutating func recogniseScript(_ id: Int, _ open: FileOpen) {
    let record = records[id - 1]
    switch record.role {
    case .main, .subprocess:
      if let script = record.script {
        if script.path == open.path || script.identity != nil && script.identity == open.identity {
          records[id - 1].script?.evidence = .opened
          if script.identity == nil { records[id - 1].script?.identity = open.identity }
        }
      } else if let module = nodes[id - 1].module, let path = open.path.source(ofModule: module) {
        nodes[id - 1].module = nil
        records[id - 1].script = Script(
          path: path, identity: path == open.path ? open.identity : nil, runsAs: "__main__",
          evidence: .opened)
      }
    case .spawnWorker, .forkserver, .forkserverWorker:
      guard record.script == nil, isMain(open, of: record) else { return }
      let path = open.path.sourceOfCachedModule ?? open.path
      records[id - 1].script = Script(
        path: path, identity: path == open.path ? open.identity : nil, runsAs: "__mp_main__",
        evidence: .opened)
    default: break
    }
  }

  /// Whether a worker opens the main module of the process that asked for it: the same file, or one
  /// that it opens three times in a row, which is how `runpy.run_path` reads a script (as an archive,
  /// as a compiled module, as source). Up to 3.7 the first of these is C's (Modules/zipimport.c), with
  /// other flags, and isn't seen.
  private func isMain(_ open: FileOpen, of record: ProcessRecord) -> Bool {
    let version = record.executable.flatMap(PythonVersion.init(executable:))
    let isOld = version.map { $0 < PythonVersion(major: 3, minor: 8) } ?? false
    if nodes[record.id - 1].lastOpened.times >= (isOld ? 2 : 3) { return true }
    guard let parent = record.logicalParent, let main = records[parent - 1].script else {
      return false
    }
    return main.path == (open.path.sourceOfCachedModule ?? open.path)
      || main.identity != nil && main.identity == open.identity
  }
}
