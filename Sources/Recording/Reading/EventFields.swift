internal import Multiprocessing
internal import TraceModel

/// The members of an event's line, whatever their order.
struct EventFields {
  private var sequence: UInt64?
  private var time: UInt64?
  private var process: Int32?
  private var thread: Int32?
  private var parent: Int32?
  private var maker: Int32?
  private var call = Place()
  private var path = Place()
  private var device: UInt64?
  private var inode: UInt64?
  private var arguments = Place()
  private var workingDirectory = Place()
  private var script = Place()
  private var environment = Place()
  private var targets = Place()
  private var descriptor: Int32?
  private var text = Place()
  private var signal: Int32?
  private var sender: Int32?
  private var isOurs = false
  private var status: Int32?
  private var after: UInt64?
  private var isMoving: Bool?
  private var stack = Place()
  private var nativeStack = Place()
  private let whole: JSONValue

  /// Where a value stands; nowhere while it wasn't met.
  private struct Place {
    var index = 0

    init() {}

    init(_ value: JSONValue) {
      index = value.index
    }
  }

  private subscript(_ place: Place) -> JSONValue? {
    place.index == 0 ? nil : whole.at(place.index)
  }

  init(_ value: JSONValue) {
    whole = value
    _ = value.forEachMember { key, value in
      take(key, value)
      return true
    }
  }

  private mutating func take(_ key: JSONKey, _ value: JSONValue) {
    if key == "seq" {
      sequence = value.integer()
    } else if key == "t" {
      time = value.integer()
    } else if key == "pid" {
      process = value.integer()
    } else if key == "tid" {
      thread = value.integer()
    } else if key == "path" || key == "exe" {
      path = Place(value)
    } else if key == "dev" {
      device = value.integer()
    } else if key == "ino" {
      inode = value.integer()
    } else if key == "argv" {
      arguments = Place(value)
    } else if key == "cwd" {
      workingDirectory = Place(value)
    } else if key == "script" {
      script = Place(value)
    } else if key == "envid" {
      environment = Place(value)
    } else if key == "to" {
      targets = Place(value)
    } else if key == "call" {
      call = Place(value)
    } else if key == "parent" {
      parent = value.integer()
    } else if key == "maker" {
      maker = value.integer()
    } else if key == "fd" {
      descriptor = value.integer()
    } else if key == "text" {
      text = Place(value)
    } else if key == "sig" {
      signal = value.integer()
    } else if key == "from" {
      sender = value.integer()
    } else if key == "ours" {
      isOurs = value.boolean ?? false
    } else if key == "status" {
      status = value.integer()
    } else if key == "after" {
      after = value.integer()
    } else if key == "moving" {
      isMoving = value.boolean
    } else if key == "stack" {
      stack = Place(value)
    } else if key == "native" {
      nativeStack = Place(value)
    }
  }

  /// nil where a member is missing or is no such thing.
  func event(_ kind: LineKind, _ stacks: StackSlots) -> Event? {
    guard let sequence, let time, let process, let kind = content(kind) else { return nil }
    var event = Event(
      sequence: sequence, time: TraceTime(nanoseconds: time), process: ProcessID(rawValue: process),
      thread: ThreadID(rawValue: thread ?? process), kind: kind)
    if let stack = self[stack] {
      guard let reading = stacks.stack(stack) else { return nil }
      event.stack = reading
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
        .opened(
          FileOpen(path: $0, identity: identity, meaning: FileOpen.Meaning(recordedPath: $0)))
      }
    case .start:
      guard let call = self[call]?.bytes.flatMap({ Start.Call(JSONKey($0)) }) else { return nil }
      return .started(
        Start(
          call: call, parent: parent.map(ProcessID.init), maker: maker.map(ThreadID.init)))
    case .exec:
      guard let path = self[path]?.text, let arguments = self[arguments]?.texts,
        let directory = self[workingDirectory]?.text
      else { return nil }
      return .executed(
        Execution(
          executable: path, executableIdentity: identity, arguments: arguments,
          workingDirectory: directory, script: self[script].flatMap(ScriptFile.init),
          environment: self[environment]?.text.flatMap { EnvironmentDigest($0) }))
    case .exit: return Termination(status: status, signal: signal).map { .exited($0) }
    case .signal:
      return signal.map {
        .signalled(
          SignalDelivery(signal: $0, sender: sender.map(ProcessID.init), isOurs: isOurs))
      }
    case .kill:
      guard let signal, let targets = self[targets]?.integers else { return nil }
      return .sent(SignalSending(signal: signal, targets: targets.map(ProcessID.init)))
    case .pipe: return .piped
    case .write:
      guard let descriptor, let text = self[text]?.text else { return nil }
      return .wrote(WrittenText(descriptor: descriptor, text: text))
    case .bind: return self[path]?.text.map { .bound(SocketAddress(path: $0)) }
    case .connect: return self[path]?.text.map { .connected(SocketAddress(path: $0)) }
    case .blind: return self[text]?.text.map { .blinded($0) }
    case .survey:
      if let after { return .surveyBegan(.deadline(after)) }
      return signal.map { .surveyBegan(.signal($0)) }
    case .thread: return ThreadActivity(whole).map { .surveyed($0) }
    case .surveyed: return isMoving.map { .surveyEnded(isMoving: $0) }
    case .header, .stop, .end, .other, .stack, .native: return nil
    }
  }
}

extension Start.Call {
  fileprivate init?(_ key: JSONKey) {
    if key == "fork" {
      self = .fork
    } else if key == "vfork" {
      self = .vfork
    } else if key == "clone" {
      self = .clone
    } else if key == "launch" {
      self = .launch
    } else if key == "unseen" {
      self = .unseen
    } else {
      return nil
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
      if key == "path" {
        path = value.text
      } else if key == "dev" {
        device = value.integer()
      } else if key == "ino" {
        inode = value.integer()
      } else if key == "folder" {
        isDirectory = value.boolean ?? false
      }
      return true
    }
    guard isObject, let path else { return nil }
    var identity: FileIdentity?
    if let device, let inode { identity = FileIdentity(device: device, inode: inode) }
    self.init(path: path, identity: identity, isDirectory: isDirectory)
  }
}
