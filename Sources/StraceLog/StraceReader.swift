internal import Bytes
package import TraceModel

/// Reads the text that strace(1) writes, in pieces of any size, and makes events of it.
///
/// There are no stacks in it, so that what follows from the events is likely at best. Lines that are none
/// of strace's (a program's own output in the same terminal) are skipped and counted.
package struct StraceReader: ~Copyable {
  private var rest = LineRest()
  private var clock = StraceClock()
  private var threads = TracedThreads()
  private var notes = StraceNotes()
  /// Calls that have begun and not returned, by thread.
  private var pending: [Int32: Pending] = [:]
  /// Threads that strace said it follows now, and of which no line has come.
  private var announced: Set<Int32> = []
  /// Threads that have begun, and perhaps ended, before the call that made them has returned.
  private var seenEarly: Set<Int32> = []
  /// Other names of a thread: the root has none until another one runs.
  private var aliases: [Int32: Int32] = [:]
  /// The traced command, once a line of it was read.
  private var root: Int32?
  private var hasProvisionalRoot = false
  /// Whether the root's first program was seen.
  private var hasProgram = false
  private var scripts: Set<String> = []
  private var sequence: UInt64 = 0
  private var body: (Event) -> Void = { _ in }

  /// The number that the root has while no line tells it.
  private static let provisionalRoot: Int32 = 0

  /// Where the run began, where the log tells it.
  package private(set) var workingDirectory: String?
  /// Whether the root's end was seen.
  package private(set) var hasEnd = false

  /// A call that has begun.
  private struct Pending {
    var call: StraceCall
    var start = Start.Call.fork
    var isThread = false
    var execution: Execution?
    var directory: String?
  }

  package init() {}

  package var damagedLines: UInt64 { notes.damagedLines }
  /// The first of them, clipped.
  package var damagedExamples: [String] { notes.damagedExamples }

  /// What the log doesn't tell, each a sentence without its full stop.
  package var limitations: [String] { notes.limitations }

  /// Reads what has come, and keeps the beginning of a line that isn't whole yet.
  package mutating func read(_ bytes: UnsafeRawBufferPointer, _ body: @escaping (Event) -> Void) {
    self.body = body
    var rest = LineRest()
    swap(&rest, &self.rest)
    rest.lines(in: bytes) { line in
      if let line {
        read(line: line)
      } else {
        notes.damaged(StraceBytes(.init(start: nil, count: 0)))
      }
    }
    self.rest = rest
    self.body = { _ in }
  }

  /// The input has ended; a last line without its end was torn.
  package mutating func finish(_ body: @escaping (Event) -> Void) {
    rest = LineRest()
    self.body = body
    for process in threads.untold { tellExecution(by: process) }
    self.body = { _ in }
  }

  // MARK: Lines

  /// Reads one line of a file that has one thread's lines alone (`strace -ff`): `thread` is the one in the
  /// file's name.
  mutating func read(
    line: UnsafeRawBufferPointer, of thread: Int32, _ body: @escaping (Event) -> Void
  ) {
    self.body = body
    read(line: line, of: thread)
    self.body = { _ in }
  }

  private mutating func read(line bytes: UnsafeRawBufferPointer, of owner: Int32? = nil) {
    var bytes = bytes
    if bytes.last == 0x0D { bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast()) }
    guard !bytes.isEmpty else { return }
    let whole = StraceBytes(bytes)
    guard var line = StraceLine(whole) else {
      skip(whole)
      return
    }
    if line.thread == nil { line.thread = owner }
    if let time = line.time { clock.advance(to: time) }
    var body = line.body
    switch body.first {
    case UInt8(ascii: "<"): resumed(body, line.thread)
    case UInt8(ascii: "+"): ended(body, line.thread)
    case UInt8(ascii: "-"): signalled(body, line.thread)
    case UInt8(ascii: "["): break
    // A frame (-k); the end of a call behind what the program itself has written to the same terminal.
    case UInt8(ascii: ">") where body.starts(with: "> "): break
    case UInt8(ascii: ")") where body.starts(with: ") "): break
    case UInt8(ascii: "=") where body.starts(with: "=> "): break
    default:
      if body.skip("strace: ") || body.starts(with: "Process ") {
        notice(body)
      } else {
        called(body, line.thread, whole)
      }
    }
  }

  /// A line that is none of strace's, or one that goes on where the program had not ended its own.
  private mutating func skip(_ line: StraceBytes) {
    if let rest = line.behindLast("[pid "), rest.bytes.count + 5 < line.bytes.count {
      let own = line.bytes[(line.bytes.count - rest.bytes.count - 5)...]
      read(line: UnsafeRawBufferPointer(rebasing: own))
    } else {
      notes.damaged(line)
    }
  }

  /// `strace: Process 123 attached`.
  private mutating func notice(_ text: StraceBytes) {
    var text = text
    guard text.skip("Process "), let number = text.number(), text.starts(with: " attached"),
      let thread = Int32(exactly: number)
    else { return }
    announced.insert(thread)
  }

  private mutating func called(_ text: StraceBytes, _ number: Int32?, _ line: StraceBytes) {
    var arguments = text
    guard let name = arguments.take(until: UInt8(ascii: "(")),
      name.bytes.allSatisfy({ $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x5F || $0 == 0x3F })
    else {
      skip(line)
      return
    }
    guard let call = StraceCall(name) else { return }
    notes.saw(call)
    guard let thread = thread(number, isResuming: nil) else { return }
    if arguments.contains("strace: Process ") {
      // The notice has come in the middle of the line, and the rest of it comes later.
      if var text = arguments.behindLast("strace: ") {
        text = StraceBytes(text.bytes)
        notice(text)
      }
    }
    begin(call, arguments, by: thread)
  }

  /// `<... vfork resumed>) = 123`, of old `resumed> )`.
  private mutating func resumed(_ text: StraceBytes, _ number: Int32?) {
    var text = text
    guard text.skip("<... "), let name = text.take(until: 0x20), let call = StraceCall(name),
      text.skip("resumed>"),
      // One that has called exit_group has been seen off already.
      number.map({ isKnown($0) }) ?? true
    else { return }
    guard let thread = thread(number, isResuming: call),
      let begun = pending.removeValue(forKey: thread)
    else { return }
    guard begun.call == call else { return }
    complete(begun, text, by: thread)
  }

  /// `+++ exited with 1 +++`, `+++ killed by SIGSEGV (core dumped) +++`,
  /// `+++ superseded by execve in pid 123 +++`.
  private mutating func ended(_ text: StraceBytes, _ number: Int32?) {
    var text = text
    // One that has called exit_group has been seen off already.
    guard text.skip("+++ "), number.map({ isKnown($0) }) ?? !threads.isEmpty,
      let thread = thread(number, isResuming: nil)
    else { return }
    if text.skip("superseded by execve in pid ") {
      // The other thread's call goes on under this number.
      guard let other = text.number().flatMap({ Int32(exactly: $0) }),
        let process = threads.process(of: thread)
      else { return }
      pending[thread] = pending.removeValue(forKey: aliases[other] ?? other)
      threads.takeOver(leader: process)
      return
    }
    let termination: Termination
    if text.skip("exited with ") {
      guard let status = text.number().flatMap({ Int32(exactly: $0) }) else { return }
      termination = .status(status)
    } else if text.skip("killed by ") {
      guard let name = text.take(until: 0x20), let signal = StraceSignals.number(name) else {
        return
      }
      termination = .signal(signal)
    } else {
      return
    }
    pending[thread] = nil
    if let process = threads.process(of: thread) { tellExecution(by: process) }
    if let (process, termination) = threads.end(thread, termination) {
      if process == root { hasEnd = true }
      emit(.exited(termination), by: process, thread: thread)
    }
  }

  /// `exit_group(1) = ?`: with -q -q it is all that tells of an end.
  private mutating func endedItself(_ arguments: StraceBytes, by thread: Int32) {
    var rest = arguments
    guard let process = threads.process(of: thread), let status = rest.number() else { return }
    // The parent gets its lowest byte (_exit(2)).
    let termination = Termination.status(Int32(status & 0xFF))
    tellExecution(by: process)
    for other in threads.endAll(of: process) { pending[other] = nil }
    if process == root { hasEnd = true }
    emit(.exited(termination), by: process, thread: thread)
  }

  /// `--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=123, si_uid=0} ---`.
  private mutating func signalled(_ text: StraceBytes, _ number: Int32?) {
    var text = text
    guard text.skip("--- "), let name = text.take(until: 0x20),
      let signal = StraceSignals.number(name), StraceSignals.isTold(signal),
      text.starts(with: "{"), let thread = thread(number, isResuming: nil),
      let process = threads.process(of: thread)
    else { return }
    var sender: ProcessID?
    let isSent = ["SI_USER", "SI_TKILL", "SI_QUEUE"].contains { (code: StaticString) in
      text.contains(code)
    }
    if isSent, var rest = text.behindLast("si_pid="),
      let pid = rest.number().flatMap({ Int32(exactly: $0) })
    {
      sender = ProcessID(rawValue: aliases[pid] ?? pid)
    }
    emit(
      .signalled(SignalDelivery(signal: signal, sender: sender)), by: process, thread: thread)
  }

  // MARK: Threads

  /// The thread that a line is of; nil where nobody can say.
  private mutating func thread(_ number: Int32?, isResuming call: StraceCall?) -> Int32? {
    guard let number else {
      if threads.isEmpty, root == nil {
        hasProvisionalRoot = true
        beginRoot(Self.provisionalRoot)
      }
      return threads.onlyThread ?? root
    }
    if let known = aliases[number] { return known }
    if let process = threads.process(of: number) {
      if process != root { notes.sawLineOfChild() }
      return number
    }
    guard let root else {
      beginRoot(number)
      return number
    }
    if hasProvisionalRoot, !announced.contains(number) || call != nil && pending[root] != nil {
      aliases[number] = root
      hasProvisionalRoot = false
      return root
    }
    return beginAtFirstSight(number)
  }

  private func isKnown(_ number: Int32) -> Bool {
    threads.process(of: aliases[number] ?? number) != nil || hasProvisionalRoot
      || announced.contains(number)
  }

  private mutating func beginRoot(_ number: Int32) {
    root = number
    threads.addProcess(number, like: nil)
    emit(.started(Start(call: .launch, parent: nil)), by: number, thread: number)
  }

  /// A line of a thread of which nobody has told: its maker's call hasn't returned. Where several are
  /// making one, it is taken for the one whose call began first.
  private mutating func beginAtFirstSight(_ number: Int32) -> Int32 {
    announced.remove(number)
    let makers = pending.filter { $0.value.call.makesThread }.map(\.key)
    if makers.count > 1 { notes.sawUnsureParent() }
    if let maker = makers.min() {
      begin(number, madeBy: maker, pending[maker] ?? Pending(call: .clone))
      seenEarly.insert(number)
    } else {
      notes.sawOrphan()
      threads.addProcess(number, like: nil)
      emit(.started(Start(call: .unseen, parent: nil)), by: number, thread: number)
    }
    return number
  }

  private mutating func begin(_ number: Int32, madeBy maker: Int32, _ call: Pending) {
    announced.remove(number)
    guard seenEarly.remove(number) == nil else { return }
    guard threads.process(of: number) == nil, let parent = threads.process(of: maker) else {
      return
    }
    if call.isThread {
      threads.addThread(number, to: parent)
      return
    }
    notes.sawChild()
    tellExecution(by: parent)
    threads.addProcess(number, like: threads[parent])
    emit(
      .started(
        Start(
          call: call.start, parent: ProcessID(rawValue: parent),
          maker: maker == parent ? nil : ThreadID(rawValue: maker))), by: number,
      thread: number)
  }

  // MARK: Calls

  private mutating func begin(_ call: StraceCall, _ arguments: StraceBytes, by thread: Int32) {
    guard let process = threads.process(of: thread) else { return }
    var begun = Pending(call: call)
    switch call {
    case .fork, .vfork, .clone:
      begun.isThread = arguments.contains("CLONE_THREAD")
      if call == .vfork || arguments.contains("CLONE_VFORK") {
        begun.start = .vfork
      } else if call == .clone, !arguments.contains("SIGCHLD") {
        begun.start = .clone
      }
    case .execve, .execveat:
      guard let execution = execution(arguments, isAt: call == .execveat, by: process) else {
        return
      }
      begun.execution = execution
    case .open, .openat:
      opened(arguments, isAt: call == .openat, by: process, thread)
      return
    case .write:
      wrote(arguments, by: process, thread)
      return
    case .bind, .connect:
      guard let address = StraceAddress.unix(arguments) else { return }
      emit(
        call == .bind ? .bound(address) : .connected(address), by: process, thread: thread)
      return
    case .exitGroup:
      endedItself(arguments, by: thread)
      return
    case .kill, .tgkill:
      sent(arguments, by: process, thread)
      return
    case .pipe2: break
    case .chdir:
      var path = arguments
      begun.directory = path.quoted().flatMap { $0.isCut ? nil : $0.text }
    }
    if isUnfinished(arguments) {
      pending[thread] = begun
    } else {
      complete(begun, arguments, by: thread)
    }
  }

  private func isUnfinished(_ arguments: StraceBytes) -> Bool {
    arguments.behindLast("<unfinished ...>")?.isEmpty ?? false
      || arguments.contains("strace: Process ")
  }

  /// A call has returned: `text` ends with its result.
  private mutating func complete(_ begun: Pending, _ text: StraceBytes, by thread: Int32) {
    guard let process = threads.process(of: thread), let result = StraceResult(text) else { return }
    switch begun.call {
    case .fork, .vfork, .clone:
      if let child = result.child {
        var made = begun
        // Some of the flags may be told only now.
        made.isThread = made.isThread || text.contains("CLONE_THREAD")
        begin(child, madeBy: thread, made)
      }
    case .execve, .execveat:
      guard result.value == 0, let execution = begun.execution else { return }
      executed(execution, by: process)
    case .pipe2:
      if text.contains("O_CLOEXEC"), threads[process]?.isPython == true {
        emit(.piped, by: process, thread: thread)
      }
    case .chdir:
      guard result.value == 0, let directory = begun.directory else { return }
      let before = threads[process]?.workingDirectory
      threads[process]?.workingDirectory =
        directory.hasPrefix("/")
        ? directory.absolutePath(in: "/") : before.map { directory.absolutePath(in: $0) }
    default: break
    }
  }

  private mutating func execution(
    _ arguments: StraceBytes, isAt: Bool, by process: Int32
  ) -> Execution? {
    var rest = arguments
    if isAt {
      noteDirectory(rest, of: process)
      guard rest.take(until: UInt8(ascii: ",")) != nil else { return nil }
      rest.skipSpaces()
    }
    guard let path = rest.quoted(), rest.skip(", "), let list = rest.list() else { return nil }
    // Whole with -v alone.
    var environment: EnvironmentDigest?
    if rest.skip(", "), let variables = rest.list(), !variables.isCut,
      !variables.texts.contains(where: \.isCut)
    {
      environment = EnvironmentDigest(entries: variables.texts.map(\.text))
    }
    let directory = threads[process]?.workingDirectory ?? ""
    let words = list.texts.map(\.marked) + (list.isCut ? ["..."] : [])
    let name = path.bytes.isEmpty ? words.first ?? "" : path.text
    var execution = Execution(
      executable: name.absolutePath(in: directory),
      executableIdentity: nil, arguments: words, workingDirectory: directory)
    guard PythonCommandLine.isInterpreter(execution.executable) || WorkerCommand(words) != nil
    else {
      return execution
    }
    if path.isCut || list.isCut || list.texts.contains(where: \.isCut) { notes.sawCutCommand() }
    execution.environment = environment
    if case .script(let name) = PythonCommandLine(words).target {
      execution.script = ScriptFile(path: name.absolutePath(in: directory), identity: nil)
    }
    return execution
  }

  private mutating func executed(_ execution: Execution, by process: Int32) {
    if process == root, !hasProgram {
      hasProgram = true
      workingDirectory = execution.workingDirectory.isEmpty ? nil : execution.workingDirectory
    }
    let role = WorkerCommand(execution.arguments)?.role
    tellExecution(by: process)
    threads[process]?.isPython =
      PythonCommandLine.isInterpreter(execution.executable) || role != nil
    threads[process]?.role = role
    if role != nil { notes.sawWorker() }
    threads[process]?.isBooting = role == .spawnWorker || role == .forkserver
    threads[process]?.untold = execution
    if threads[process]?.isPython == true {
      notes.sawPython()
      if let script = execution.script { scripts.insert(script.path) }
      tellExecution(by: process)
    }
  }

  private mutating func tellExecution(by process: Int32) {
    guard let execution = threads[process]?.untold else { return }
    threads[process]?.untold = nil
    emit(.executed(execution), by: process, thread: process)
  }

  /// A process reads `path`, before anything else is told of what it executes.
  private mutating func begins(
    _ execution: Execution, byReading path: UnsafeRawBufferPointer, _ process: Int32
  ) {
    guard let interpreter = PythonInstallation.interpreter(reading: path) else { return }
    var execution = execution
    let script = execution.executable
    execution.arguments = [interpreter, script] + execution.arguments.dropFirst()
    execution.executable = interpreter
    execution.script = ScriptFile(path: script, identity: nil)
    threads[process]?.untold = nil
    executed(execution, by: process)
  }

  /// `AT_FDCWD</w>` (-y) tells where the process works.
  private mutating func noteDirectory(_ arguments: StraceBytes, of process: Int32) {
    var rest = arguments
    guard rest.skip("AT_FDCWD<"), let path = rest.take(until: UInt8(ascii: ">")) else { return }
    // The same as a moment ago, as a rule.
    if threads[process]?.workingDirectory?.utf8.elementsEqual(path.bytes) == true { return }
    let directory = String(exactly: path.bytes)
    threads[process]?.workingDirectory = directory
    if process == root, workingDirectory == nil { workingDirectory = directory }
  }

  private mutating func opened(
    _ arguments: StraceBytes, isAt: Bool, by process: Int32, _ thread: Int32
  ) {
    var rest = arguments
    var place: StraceBytes?
    if isAt {
      noteDirectory(rest, of: process)
      guard let folder = rest.take(until: UInt8(ascii: ",")) else { return }
      place = folder
      rest.skipSpaces()
    }
    if let path = rest.plainQuoted() {
      guard rest.opensForReading else { return }
      opened(path.bytes.bytes, isCut: path.isCut, in: place, by: process, thread)
    } else if let path = rest.quoted() {
      guard rest.opensForReading else { return }
      path.bytes.withUnsafeBytes { opened($0, isCut: path.isCut, in: place, by: process, thread) }
    }
  }

  private mutating func opened(
    _ path: UnsafeRawBufferPointer, isCut: Bool, in place: StraceBytes?, by process: Int32,
    _ thread: Int32
  ) {
    guard let state = threads[process] else { return }
    if let execution = state.untold { begins(execution, byReading: path, process) }
    let interest = OpenInterest(
      path, byPython: state.isPython, isBooting: state.isBooting, scripts: scripts)
    guard interest != .nothing else { return }
    if isCut {
      notes.sawCutPath()
      return
    }
    if interest == .endOfBoot { state.isBooting = false }
    let name = String(exactly: path)
    let directory = name.hasPrefix("/") ? "/" : folder(place, of: state)
    emit(
      .opened(FileOpen(path: name.absolutePath(in: directory), identity: nil)), by: process,
      thread: thread)
  }

  /// That in which names are looked up; empty where the log doesn't tell it: `3`, but `3</w>` with -y.
  private func folder(_ place: StraceBytes?, of process: TracedThreads.Process) -> String {
    guard var rest = place, !rest.starts(with: "AT_FDCWD") else {
      return process.workingDirectory ?? ""
    }
    guard rest.number() != nil, rest.skip("<") else { return "" }
    return rest.take(until: UInt8(ascii: ">")).map { String(exactly: $0.bytes) } ?? ""
  }

  private mutating func wrote(_ arguments: StraceBytes, by process: Int32, _ thread: Int32) {
    guard let state = threads[process], state.isBooting || state.isPython else { return }
    var rest = arguments
    guard let descriptor = rest.number().flatMap({ Int32(exactly: $0) }),
      descriptor == 2 || state.isBooting
    else { return }
    rest.skipName()
    guard rest.skip(", "), let text = rest.quoted() else { return }
    var bytes = text.bytes
    if descriptor == 2 {
      // A text that is cut has lost its line's end, too.
      if text.isCut { bytes.append(0x0A) }
      let line = bytes.withUnsafeBytes { state.traceback.take($0, all: state.isBooting) }
      guard let line else { return }
      if text.isCut { notes.sawCutText() }
      bytes = line
    } else if !bytes.withUnsafeBytes(TrackerMessage.begins) {
      return
    }
    let written = WrittenText(
      descriptor: descriptor, text: bytes.withUnsafeBytes { String(exactly: $0) })
    emit(.wrote(written), by: process, thread: thread)
  }

  /// `kill(123, SIGKILL)`, `tgkill(123, 124, SIGKILL)`: other signals are told where they arrive.
  private mutating func sent(
    _ arguments: StraceBytes, by process: Int32, _ thread: Int32
  ) {
    var rest = arguments
    guard arguments.contains("SIGKILL"), let number = rest.number().flatMap({ Int32(exactly: $0) }),
      number > 0
    else { return }
    let target = threads.process(of: aliases[number] ?? number)
    let sending = SignalSending(
      signal: 9, targets: target.map { [ProcessID(rawValue: $0)] } ?? [])
    emit(.sent(sending), by: process, thread: thread)
  }

  private mutating func emit(_ kind: Event.Kind, by process: Int32, thread: Int32) {
    tellExecution(by: process)
    sequence += 1
    body(
      Event(
        sequence: sequence, time: clock.time, process: ProcessID(rawValue: process),
        thread: ThreadID(rawValue: thread), kind: kind))
  }
}

extension StraceBytes {
  /// Whether it begins with exactly the flags with which Python and the C library read.
  @inline(__always)
  fileprivate var opensForReading: Bool {
    var rest = self
    guard rest.skip(", O_RDONLY|") else { return false }
    _ = rest.skip("O_LARGEFILE|")
    return rest.skip("O_CLOEXEC") && (rest.first == UInt8(ascii: ")") || rest.first == 0x20)
  }
}
