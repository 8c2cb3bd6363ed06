internal import JSON
internal import Multiprocessing
internal import TraceModel

/// The members of an event's line, in any order.
struct EventFields {
  private var sequence: UInt64?
  private var time: UInt64?
  private var process: Int32?
  private var thread: Int32?
  private var parent: Int32?
  private var creator: Int32?
  private var call = Position()
  private var path = Position()
  private var device: UInt64?
  private var inode: UInt64?
  private var arguments = Position()
  private var workingDirectory = Position()
  private var script = Position()
  private var meaning: FileOpen.Meaning?
  private var environment = Position()
  private var test = Position()
  private var added = Position()
  private var targets = Position()
  private var descriptor: Int32?
  private var text = Position()
  private var exits = Position()
  private var definition = Position()
  private var signal: Int32?
  private var sender: Int32?
  private var isOurs = false
  private var status: Int32?
  private var after: UInt64?
  private var isMoving: Bool?
  private var job: Int?
  private var outOfMemoryKills: Int?
  private var state: JobWait.State?
  private var isMainWaiting = false
  private var isOrphan = false
  private var hasInput: Bool?
  private var replacesInput = false
  private var isFirst = false
  private var stack = Position()
  private var mainStack = Position()
  private var nativeStack = Position()
  private let whole: JSONValue

  /// The index of a value on the tape; 0 if the line doesn't have the member.
  private struct Position {
    var index = 0

    init() {}

    init(_ value: JSONValue) {
      index = value.index
    }
  }

  private subscript(_ position: Position) -> JSONValue? {
    position.index == 0 ? nil : whole.at(position.index)
  }

  init(_ value: JSONValue) {
    whole = value
    _ = value.forEachMember { key, value in
      read(key, value)
      return true
    }
  }

  private mutating func read(_ key: JSONKey, _ value: JSONValue) {
    switch key {
    case "seq": sequence = value.integer()
    case "t": time = value.integer()
    case "pid": process = value.integer()
    case "tid": thread = value.integer()
    case "path", "exe": path = Position(value)
    case "dev": device = value.integer()
    case "ino": inode = value.integer()
    case "as": meaning = value.bytes.flatMap { FileOpen.Meaning(JSONKey($0)) }
    case "argv": arguments = Position(value)
    case "cwd": workingDirectory = Position(value)
    case "script": script = Position(value)
    case "envid": environment = Position(value)
    case "to": targets = Position(value)
    case "call": call = Position(value)
    case "parent": parent = value.integer()
    case "maker": creator = value.integer()
    case "fd": descriptor = value.integer()
    case "text": text = Position(value)
    case "exits": exits = Position(value)
    case "def": definition = Position(value)
    case "sig": signal = value.integer()
    case "from": sender = value.integer()
    case "ours": isOurs = value.boolean ?? false
    case "status": status = value.integer()
    case "after": after = value.integer()
    case "moving": isMoving = value.boolean
    case "first": isFirst = value.boolean ?? false
    case "stack": stack = Position(value)
    case "mainstack": mainStack = Position(value)
    case "native": nativeStack = Position(value)
    case "test": test = Position(value)
    case "added": added = Position(value)
    case "job": job = value.integer()
    case "oom": outOfMemoryKills = value.integer()
    case "state": state = value.text.flatMap(JobWait.State.init)
    case "orphan": isOrphan = value.boolean ?? false
    case "input": hasInput = value.boolean
    case "noinput": replacesInput = value.boolean ?? false
    case "mainwaits": isMainWaiting = value.boolean ?? false
    default: break
    }
  }

  /// Makes the event; nil if a member is missing or has a wrong type.
  func event(_ kind: LineKind, _ stacks: NumberedStacks) -> Event? {
    guard let sequence, let time, let process, let kind = content(kind) else { return nil }
    var event = Event(
      sequence: sequence, time: TraceTime(nanoseconds: time), process: ProcessID(rawValue: process),
      thread: ThreadID(rawValue: thread ?? process), kind: kind)
    if let stack = self[stack] {
      guard let reading = stacks.stack(stack) else { return nil }
      event.stack = reading
    }
    if let mainStack = self[mainStack] {
      guard let reading = stacks.stack(mainStack) else { return nil }
      event.mainStack = reading
    }
    if let nativeStack = self[nativeStack] {
      guard let stack = stacks.nativeStack(nativeStack) else { return nil }
      event.nativeStack = stack
    }
    return event
  }

  private var identity: FileIdentity? {
    guard let device, let inode else { return nil }
    return FileIdentity(device: device, inode: inode)
  }

  private func content(_ kind: LineKind) -> Event.Kind? {
    switch kind {
    case .open:
      return self[path]?.text.map {
        var open = FileOpen(
          path: $0, identity: identity, meaning: meaning ?? FileOpen.Meaning(recordedPath: $0))
        if let exits = self[exits] { open.exits = exits.map(SourceExcerpt.Statement.init) ?? [] }
        open.replacesInput = replacesInput
        return .opened(open)
      }
    case .start:
      guard let call = self[call]?.bytes.flatMap({ Start.Call(JSONKey($0)) }) else { return nil }
      return .started(
        Start(
          call: call, parent: parent.map(ProcessID.init), creator: creator.map(ThreadID.init)))
    case .exec:
      guard let path = self[path]?.text, let arguments = self[arguments]?.texts,
        let directory = self[workingDirectory]?.text
      else { return nil }
      return .executed(
        Execution(
          executable: path, executableIdentity: identity, arguments: arguments,
          workingDirectory: directory, script: self[script].flatMap(ScriptFile.init),
          environment: self[environment]?.text.flatMap { EnvironmentDigest($0) },
          test: self[test]?.text, addedVariables: self[added]?.texts ?? [],
          hasInput: hasInput))
    case .exit: return Termination(status: status, signal: signal).map { .exited($0) }
    case .signal:
      return signal.map {
        .signalled(
          SignalDelivery(signal: $0, sender: sender.map(ProcessID.init), isOurs: isOurs))
      }
    case .kill:
      guard let signal, let targets = self[targets]?.integers else { return nil }
      return .sent(SignalSending(signal: signal, targets: targets.map(ProcessID.init)))
    case .die:
      return .dying(
        Dying(job: job, outOfMemoryKills: outOfMemoryKills, isOrphan: isOrphan))
    case .await:
      guard let job, let state else { return nil }
      return .awaited(JobWait(job: job, state: state, isMainWaiting: isMainWaiting))
    case .pipe: return .piped
    case .write:
      guard let descriptor, let text = self[text]?.text else { return nil }
      return .wrote(
        WrittenText(
          descriptor: descriptor, text: text,
          definition: self[definition].flatMap(SourceDefinition.init)))
    case .bind: return self[path]?.text.map { .bound(SocketAddress(path: $0)) }
    case .connect: return self[path]?.text.map { .connected(SocketAddress(path: $0)) }
    case .blind: return self[text]?.text.map { .blinded($0) }
    case .survey:
      if let after { return .surveyBegan(.deadline(after)) }
      return signal.map { .surveyBegan(isFirst ? .interrupt : .signal($0)) }
    case .thread: return ThreadActivity(whole).map { .surveyed($0) }
    case .surveyed: return isMoving.map { .surveyEnded(isMoving: $0) }
    case .header, .stop, .fix, .end, .other, .stack, .native: return nil
    }
  }
}

extension FileOpen.Meaning {
  /// nil for a value that a newer writer has added.
  fileprivate init?(_ key: JSONKey) {
    switch key {
    case "program": self = .program
    case "starter": self = .starter
    case "fork-starter": self = .forkStarter
    case "end-of-boot": self = .endOfBoot
    case "other": self = .other
    default: return nil
    }
  }
}

extension Start.Call {
  fileprivate init?(_ key: JSONKey) {
    switch key {
    case "fork": self = .fork
    case "vfork": self = .vfork
    case "clone": self = .clone
    case "launch": self = .launch
    case "unseen": self = .unseen
    default: return nil
    }
  }
}

extension Termination {
  init?(status: Int32?, signal: Int32?) {
    if let status {
      self = .status(status)
    } else if let signal {
      self = .signal(signal)
    } else {
      return nil
    }
  }
}

extension ScriptFile {
  fileprivate init?(_ value: JSONValue) {
    var path: String?
    var device: UInt64?
    var inode: UInt64?
    var isDirectory = false
    let isObject = value.forEachMember { key, value in
      switch key {
      case "path": path = value.text
      case "dev": device = value.integer()
      case "ino": inode = value.integer()
      case "folder": isDirectory = value.boolean ?? false
      default: break
      }
      return true
    }
    guard isObject, let path else { return nil }
    var identity: FileIdentity?
    if let device, let inode { identity = FileIdentity(device: device, inode: inode) }
    self.init(path: path, identity: identity, isDirectory: isDirectory)
  }
}
