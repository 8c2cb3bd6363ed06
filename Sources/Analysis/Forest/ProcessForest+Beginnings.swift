internal import Multiprocessing
internal import TraceModel

// How processes begin, and what they execute.
extension ProcessForest {
  mutating func started(_ event: Event, _ start: Start) -> Change {
    let parent = start.parent.flatMap { live[$0] }
    if let parent {
      // The stack is the creator's.
      noteVersion(event.stack, ofSlot: parent)
      noteStack(event.stack, ofSlot: parent)
    }
    count += 1
    var entry = Entry(
      record: ProcessRecord(id: count, pid: event.process, role: .other, startedAt: event.time),
      node: Node())
    if let parent { inherit(&entry, fromSlot: parent, event, start) }
    keep(entry.record.parent)
    if entry.record.logicalParent != entry.record.parent { keep(entry.record.logicalParent) }
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
      entries[slot] = entry
    } else {
      slot = entries.count
      entries.append(entry)
    }
    slots[count] = slot
    // If the end of a process was never seen, it has lost its pid all the same.
    if let lost = live.updateValue(slot, forKey: event.process) {
      entries[lost].node.isLive = false
      endedCount += 1
    }
    return Change(process: count, .began)
  }

  /// Gives a new process what it has from its parent.
  private mutating func inherit(
    _ entry: inout Entry, fromSlot parent: Int, _ event: Event, _ start: Start
  ) {
    let origin = entries[parent].record
    let before = entries[parent].node
    entry.node.executableIdentity = before.executableIdentity
    entry.node.fileVersion = before.fileVersion
    entry.node.module = before.module
    entry.record.parent = origin.id
    entry.record.logicalParent = origin.id
    entry.record.executable = origin.executable
    entry.record.arguments = origin.arguments
    entry.record.workingDirectory = origin.workingDirectory
    entry.record.python = origin.python
    entry.record.script = origin.script
    entry.record.site = site(event.stack, ofSlot: parent)
    // A fork of the main script while a server imports it belongs to the script, not to the server.
    entry.node.state = before.state.forked(
      by: start.call, isServersOwn: entry.record.site?.isFork == true)
    if entry.node.state.role == .forkserverWorker, before.state.role == .forkserver {
      let client = rendezvous.client(ofForkBy: origin.id)
      entry.record.logicalParent = client?.process ?? origin.logicalParent
      entry.record.site = client?.site
    }
    entry.record.test =
      entry.record.site?.test ?? entry.record.logicalParent.flatMap { self[$0].test }
    entry.record.show(entry.node.state)
  }

  mutating func execute(_ slot: Int, _ execution: Execution, _ stack: StackReading?) {
    let replacedAt = site(stack, ofSlot: slot)
    // Removed and put back: a copy of its dozen members would be the greatest cost of an execution.
    var record = Entry.unknown.record
    swap(&record, &entries[slot].record)
    let before = entries[slot].node
    var node = Node()
    node.dependants = before.dependants
    node.hasExecuted = true
    if before.hasExecuted {
      node.previousState = record.scriptState
      node.previousScript = record.script
      record.keepImage()
    }
    let program = self.program(execution.executable)
    let command = WorkerCommand(execution.arguments)
    node.state = before.state
    node.state.executed(program, command)
    node.fileVersion = program.version
    node.executableIdentity = execution.executableIdentity
    node.hasInput = execution.hasInput
    node.replacedAt = replacedAt
    record.begin(execution)
    record.show(node.state)
    if node.state.role == .forkserver {
      rendezvous.began(server: record.id, startedBy: record.parent)
    }
    if node.state.isPython {
      let outer = outerTest ?? execution.test
      outerTest = .some(outer)
      if let test = execution.test, test != outer { record.test = TestName(pytest: test) }
    }
    if command == nil, node.state.isPython {
      (record.script, node.module) = declaredScript(execution)
      record.scriptState = ScriptState(execution)
    }
    entries[slot] = Entry(record: record, node: node)
    setLogicalParent(record.parent, ofSlot: slot)
    if command != nil, let parent = record.parent.flatMap({ slots[$0] }),
      !entries[parent].node.state.isPython
    {
      entries[parent].node.state.startedWorker()
      entries[parent].record.show(entries[parent].node.state)
    }
  }

  /// A run executes the same few programs again and again.
  private mutating func program(_ executable: String) -> Program {
    if let known = programs[executable] { return known }
    let program = Program(executable: executable)
    if programs.count >= Self.programLimit { programs = [:] }
    programs[executable] = program
    return program
  }

  private static var programLimit: Int { 1000 }

  private func declaredScript(_ execution: Execution) -> (script: Script?, module: String?) {
    if let file = execution.script {
      // A directory is run by its __main__.py (runpy, pymain_run_main_from_importer).
      return (
        Script(
          path: file.isDirectory ? file.path + "/__main__.py" : file.path,
          identity: file.isDirectory ? nil : file.identity, runsAs: MainModule.name,
          evidence: .declared), nil
      )
    }
    if case .module(let name) = PythonCommandLine(execution.arguments).target { return (nil, name) }
    return (nil, nil)
  }
}

extension ProcessRecord {
  /// Copies the process's role and state from `ProcessState`, which alone decides them.
  mutating func show(_ state: ProcessState) {
    role = state.role
    startMethod = state.startMethod
    isBooting = state.isBooting
  }

  /// Keeps what the process ran before it executes another program.
  fileprivate mutating func keepImage() {
    guard let executable else { return }
    earlierImages.append(.init(role: role, executable: executable, arguments: arguments))
    if earlierImages.count > Self.earlierImageLimit { earlierImages.removeFirst() }
  }

  fileprivate mutating func begin(_ execution: Execution) {
    executable = execution.executable
    arguments = execution.arguments
    workingDirectory = execution.workingDirectory
    python = nil
    script = nil
    startAttempt = []
    scriptState = nil
  }
}
