internal import JSON
internal import TraceModel

/// Events as lines; traces/FORMAT.md describes each member.
extension JSONWriter {
  /// Writes an event with the numbers of its stacks.
  mutating func event(_ event: Event, stack: Int?, main: Int?, native: Int?) {
    object { writer in
      writer.member("k", event.kind.key)
      writer.member("seq", event.sequence)
      writer.member("t", event.time.nanoseconds)
      writer.member("pid", event.process.rawValue)
      if event.thread.rawValue != event.process.rawValue {
        writer.member("tid", event.thread.rawValue)
      }
      writer.content(event.kind)
      writer.member("stack", ifPresent: stack)
      writer.member("mainstack", ifPresent: main)
      writer.member("native", ifPresent: native)
    }
  }

  private mutating func content(_ kind: Event.Kind) {
    switch kind {
    case .started(let start):
      member("call", start.call.key)
      member("parent", ifPresent: start.parent?.rawValue)
      member("maker", ifPresent: start.creator?.rawValue)
    case .executed(let execution): self.execution(execution)
    case .opened(let open):
      member("path", open.path)
      identity(open.identity)
      member("as", open.meaning.rawValue)
      statements("exits", open.exits)
      member("noinput", ifTrue: open.replacesInput)
    case .piped: break
    case .wrote(let written):
      member("fd", written.descriptor)
      member("text", written.text)
      definition(written.definition)
    case .bound(let address), .connected(let address): member("path", address.path)
    case .sent(let sending):
      member("sig", sending.signal)
      key("to")
      array(sending.targets) { $0.integer($1.rawValue) }
    case .signalled(let delivery):
      member("sig", delivery.signal)
      member("from", ifPresent: delivery.sender?.rawValue)
      member("ours", ifTrue: delivery.isOurs)
    case .dying(let dying):
      member("job", ifPresent: dying.job)
      member("oom", ifPresent: dying.outOfMemoryKills)
      member("orphan", ifTrue: dying.isOrphan)
    case .awaited(let wait):
      member("job", wait.job)
      member("state", wait.state.rawValue)
      member("mainwaits", ifTrue: wait.isMainWaiting)
    case .blinded(let reason): member("text", reason)
    case .surveyBegan(let cause):
      switch cause {
      case .deadline(let nanoseconds): member("after", nanoseconds)
      case .signal(let signal): member("sig", signal)
      case .interrupt:
        member("sig", Int32(2))
        member("first", true)
      }
    case .surveyed(let activity): self.activity(activity)
    case .surveyEnded(let isMoving):
      member("moving", isMoving)
    case .exited(let termination): self.termination(termination)
    }
  }

  mutating func termination(_ termination: Termination) {
    switch termination {
    case .status(let status): member("status", status)
    case .signal(let signal): member("sig", signal)
    }
  }

  private mutating func identity(_ identity: FileIdentity?) {
    member("dev", ifPresent: identity?.device)
    member("ino", ifPresent: identity?.inode)
  }

  private mutating func statements(
    _ name: StaticString, _ statements: [SourceExcerpt.Statement]
  ) {
    if statements.isEmpty { return }
    key(name)
    array(statements) { writer, statement in
      writer.object { writer in
        writer.member("line", statement.number)
        writer.member("source", statement.line)
      }
    }
  }

  private mutating func definition(_ definition: SourceDefinition?) {
    guard let definition else { return }
    key("def")
    object { writer in
      writer.member("path", definition.path)
      writer.member("line", definition.place.line)
      writer.member("deleted", ifPresent: definition.place.deletedAt)
      writer.excerpt(definition.source)
    }
  }

  private mutating func execution(_ execution: Execution) {
    member("exe", execution.executable)
    identity(execution.executableIdentity)
    member("argv", execution.arguments)
    member("cwd", execution.workingDirectory)
    member("envid", ifPresent: execution.environment?.description)
    member("test", ifPresent: execution.test)
    if let hasInput = execution.hasInput { member("input", hasInput) }
    if !execution.addedVariables.isEmpty { member("added", execution.addedVariables) }
    guard let script = execution.script else { return }
    key("script")
    object { writer in
      writer.member("path", script.path)
      writer.identity(script.identity)
      writer.member("folder", ifTrue: script.isDirectory)
    }
  }

  private mutating func activity(_ activity: ThreadActivity) {
    member("name", activity.name)
    member("signals", ifTrue: activity.handlesSignals)
    switch activity.state {
    case .running: member("state", "running")
    case .stopped: member("state", "stopped")
    case .unknown: member("state", "unknown")
    case .waiting(let wait):
      member("state", "waiting")
      member("in", wait.call)
      member("timed", ifTrue: wait.isTimed)
      key("for")
      array(wait.objects) { writer, object in
        writer.object { writer in
          writer.member("kind", object.kind.rawValue)
          writer.member("name", ifPresent: object.name)
          writer.key("pids")
          writer.array(object.processes) { $0.integer($1.rawValue) }
        }
      }
    }
  }

  // MARK: Stacks

  /// Writes a stack, which events name by its number from here on.
  mutating func stack(_ reading: StackReading, number: Int) {
    object { writer in
      writer.member("k", "stack")
      writer.member("id", number)
      switch reading {
      case .unreadable(let reason): writer.member("why", reason)
      case .read(let stack):
        writer.member("python", stack.version.description)
        writer.member("cut", ifPresent: stack.cut)
        writer.key("frames")
        writer.array(stack.frames) { $0.frame($1) }
      }
    }
  }

  private mutating func frame(_ frame: PythonFrame) {
    object { writer in
      writer.member("path", frame.path)
      writer.member("line", ifPresent: frame.line)
      writer.member("func", frame.function)
      writer.member("qual", ifPresent: frame.qualifiedName)
      writer.member("module", ifPresent: frame.module)
      writer.excerpt(frame.source)
    }
  }

  private mutating func excerpt(_ source: SourceExcerpt?) {
    guard let source else { return }
    member("source", source.line)
    statements("methods", source.methodLines)
    guard let statement = source.statement else { return }
    member("stmtline", statement.number)
    member("stmt", statement.line)
  }

  /// Writes a native stack, in the same way.
  mutating func nativeStack(_ stack: MixedStack, number: Int) {
    object { writer in
      writer.member("k", "native")
      writer.member("id", number)
      switch stack {
      case .merged(let frames, let cut):
        writer.member("cut", ifPresent: cut)
        writer.key("frames")
        writer.array(frames) { writer, frame in
          switch frame {
          case .native(let frame): writer.nativeFrame(frame)
          case .python(let frame): writer.frame(frame)
          }
        }
      case .separate(let native, let python, let reason):
        writer.member("why", reason)
        writer.key("frames")
        writer.array(native) { $0.nativeFrame($1) }
        writer.key("python")
        writer.array(python) { $0.frame($1) }
      }
    }
  }

  private mutating func nativeFrame(_ frame: NativeFrame) {
    object { writer in
      writer.member("symbol", ifPresent: frame.symbol)
      writer.member("offset", frame.offset)
      writer.member("image", ifPresent: frame.image)
    }
  }
}

extension Event.Kind {
  /// The value of `k`.
  fileprivate var key: String {
    switch self {
    case .started: "start"
    case .executed: "exec"
    case .opened: "open"
    case .piped: "pipe"
    case .wrote: "write"
    case .bound: "bind"
    case .connected: "connect"
    case .sent: "kill"
    case .signalled: "signal"
    case .dying: "die"
    case .awaited: "await"
    case .blinded: "blind"
    case .surveyBegan: "survey"
    case .surveyed: "thread"
    case .surveyEnded: "surveyed"
    case .exited: "exit"
    }
  }
}

extension Start.Call {
  fileprivate var key: String {
    switch self {
    case .launch: "launch"
    case .fork: "fork"
    case .vfork: "vfork"
    case .clone: "clone"
    case .unseen: "unseen"
    }
  }
}
