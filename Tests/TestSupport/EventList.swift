import Bytes
internal import Multiprocessing
package import TraceModel

/// Events made by hand, in the order in which they are added, a millisecond apart.
///
/// Every file has an identity made from its path, unless another one is given: a path is the same
/// file in all lists. Processes work in `directory`.
package struct EventList: Sendable {
  package private(set) var events: [Event] = []
  /// How many nanoseconds later the next events come.
  package var delay: UInt64 = 0
  /// The working directory of what is executed.
  /// Whether the programs that are executed have a standard input; nil if it isn't known.
  package var hasInput: Bool?
  package var directory = "/w"
  /// The interpreter that `python` executes.
  package var interpreter = "/usr/bin/python3.13"
  /// The environment of what is executed; nil as in a log that doesn't tell it.
  package var environment = EnvironmentDigest("00000000000000e1")

  package init() {}

  package mutating func add(
    _ kind: Event.Kind, by process: Int32, thread: Int32? = nil, stack: StackReading? = nil,
    mainStack: StackReading? = nil
  ) {
    let sequence = UInt64(events.count + 1)
    events.append(
      Event(
        sequence: sequence, time: TraceTime(nanoseconds: sequence * 1_000_000 + delay),
        process: ProcessID(rawValue: process), thread: ThreadID(rawValue: thread ?? process),
        kind: kind, stack: stack, mainStack: mainStack))
  }

  // MARK: Processes

  /// The traced command begins.
  package mutating func launch(_ process: Int32) {
    add(.started(Start(call: .launch, parent: nil)), by: process)
  }

  /// `stack` belongs to the thread `creator`; nil means the parent's first thread.
  package mutating func fork(
    _ parent: Int32, _ child: Int32, by call: Start.Call = .fork, stack: StackReading? = nil,
    creator: Int32? = nil, mainStack: StackReading? = nil
  ) {
    let start = Start(
      call: call, parent: ProcessID(rawValue: parent),
      creator: creator.map { ThreadID(rawValue: $0) })
    add(.started(start), by: child, stack: stack, mainStack: mainStack)
  }

  package mutating func execute(
    _ process: Int32, _ executable: String, _ arguments: [String], script: ScriptFile? = nil,
    stack: StackReading? = nil
  ) {
    add(
      .executed(
        Execution(
          executable: executable, executableIdentity: Self.identity(of: executable),
          arguments: arguments, workingDirectory: directory, script: script,
          environment: environment, hasInput: hasInput)),
      by: process, stack: stack)
  }

  /// The process executes `interpreter` with these arguments behind its name. The script that they
  /// name is found as the tracer finds it; a name without a dot is a directory.
  package mutating func python(
    _ process: Int32, _ arguments: String..., stack: StackReading? = nil
  ) {
    let all = ["python"] + arguments
    var script: ScriptFile?
    if case .script(let name) = PythonCommandLine(all).target {
      let path = name.absolutePath(in: directory)
      script = ScriptFile(
        path: path, identity: Self.identity(of: path),
        isDirectory: !path.lastPathComponent.contains("."))
    }
    execute(process, interpreter, all, script: script, stack: stack)
  }

  /// The command of a traced run is a script.
  package mutating func main(_ process: Int32, _ script: String) {
    launch(process)
    python(process, script)
    open(process, script.absolutePath(in: directory), times: 2)
  }

  /// A worker as `multiprocessing.spawn` starts it, or a package like it.
  package mutating func spawnWorker(
    _ parent: Int32, _ child: Int32, package: String = "multiprocessing",
    stack: StackReading? = nil, creator: Int32? = nil
  ) {
    fork(parent, child, by: .vfork, stack: stack, creator: creator)
    python(
      child, "-c",
      "from \(package).spawn import spawn_main; spawn_main(tracker_fd=6, pipe_handle=8)",
      package == "billiard" ? "--billiard-fork" : "--multiprocessing-fork")
  }

  /// A tracker, which cleans up after the workers.
  package mutating func resourceTracker(_ parent: Int32, _ child: Int32) {
    fork(parent, child, by: .vfork)
    python(child, "-c", "from multiprocessing.resource_tracker import main;main(5)")
  }

  /// A forkserver with its socket: the client binds it, and then starts the server.
  package mutating func forkserver(_ client: Int32, _ server: Int32, at socket: String) {
    bind(client, socket)
    fork(client, server, by: .vfork)
    python(
      server, "-c",
      "from multiprocessing.forkserver import main; main(7, 8, ['__main__'], **{'sys_path': []})")
  }

  package mutating func exit(_ process: Int32, _ termination: Termination = .status(0)) {
    add(.exited(termination), by: process)
  }

  /// A signal reaches the process, and ends it if `stack` is given.
  package mutating func signal(
    _ process: Int32, _ number: Int32, from sender: Int32? = nil, stack: StackReading? = nil
  ) {
    let delivery = SignalDelivery(signal: number, sender: sender.map { ProcessID(rawValue: $0) })
    add(.signalled(delivery), by: process, stack: stack)
  }

  /// The process sends SIGKILL.
  package mutating func kill(_ process: Int32, _ target: Int32, stack: StackReading? = nil) {
    let sending = SignalSending(signal: 9, targets: [ProcessID(rawValue: target)])
    add(.sent(sending), by: process, stack: stack)
  }

  // MARK: Files and sockets

  /// The process opens a file, with a stack if the opening proves something.
  package mutating func open(
    _ process: Int32, _ path: String, identity: FileIdentity? = nil, times: Int = 1,
    stack: StackReading? = nil, mainStack: StackReading? = nil
  ) {
    let open = FileOpen(
      path: path, identity: identity ?? Self.identity(of: path),
      meaning: FileOpen.Meaning(recordedPath: path))
    for _ in 0..<times { add(.opened(open), by: process, stack: stack, mainStack: mainStack) }
  }

  package mutating func write(
    _ process: Int32, to descriptor: Int32, _ text: String, stack: StackReading? = nil
  ) {
    add(.wrote(WrittenText(descriptor: descriptor, text: text)), by: process, stack: stack)
  }

  package mutating func bind(_ process: Int32, _ socket: String) {
    add(.bound(SocketAddress(path: socket)), by: process)
  }

  package mutating func connect(_ process: Int32, _ socket: String) {
    add(.connected(SocketAddress(path: socket)), by: process)
  }

  /// The identity of the file with that path.
  package static func identity(of path: String) -> FileIdentity {
    FileIdentity(device: 0xfe00, inode: FNV1a64(path.utf8).value)
  }
}
