internal import Bytes
package import TraceModel

/// Reads the text that strace(1) writes, in pieces of any size, and makes events of it.
///
/// A log has no stacks, so what follows from the events is likely at best. Lines that strace didn't write
/// (a program's own output in the same terminal) are skipped and counted.
package struct StraceReader: ~Copyable {
  /// A longer line is damaged. In bytes.
  private static let longestLine = 16 << 20

  private var splitter = Self.newSplitter
  var clock = StraceClock()
  var threads = StraceThreads()
  var notes = StraceNotes()
  /// Whether the root's first program was seen.
  var hasProgram = false
  /// The paths that command lines of the tree have named.
  var scripts: Set<String> = []
  private var sequence: UInt64 = 0
  private var body: (Event) -> Void = { _ in }

  /// Where the run began, if the log says it.
  package internal(set) var workingDirectory: String?
  /// Whether the root's end was seen.
  package internal(set) var hasEnd = false

  private static var newSplitter: LineSplitter { LineSplitter(longestLine: longestLine) }

  package init() {}

  package var damagedLines: UInt64 { notes.damagedLines }
  /// The first damaged lines, cut.
  package var damagedExamples: [String] { notes.damagedExamples }

  /// What the log lacks.
  package var limitations: [StraceLimitation] { notes.limitations(threads.lineage) }

  /// Reads a piece, and keeps an incomplete last line for the next one.
  package mutating func read(_ bytes: UnsafeRawBufferPointer, _ body: @escaping (Event) -> Void) {
    self.body = body
    // Moved out of self, which reading a line changes.
    var splitter = splitter
    self.splitter = Self.newSplitter
    splitter.lines(in: bytes) { line in
      if let line {
        read(line: line)
      } else {
        notes.damaged(ByteScanner(.init(start: nil, count: 0)))
      }
    }
    self.splitter = splitter
    self.body = { _ in }
  }

  /// The input has ended. A last line without its end is torn, and isn't read.
  package mutating func finish(_ body: @escaping (Event) -> Void) {
    splitter = Self.newSplitter
    self.body = body
    for process in threads.processes.withUnsentExecution { sendExecution(of: process) }
    self.body = { _ in }
  }

  /// Reads one line of a file with the lines of one thread (`strace -ff`).
  ///
  /// - Parameter thread: The thread in the file's name.
  mutating func read(
    line: UnsafeRawBufferPointer, of thread: Int32, _ body: @escaping (Event) -> Void
  ) {
    self.body = body
    read(line: line, of: thread)
    self.body = { _ in }
  }

  // MARK: Lines

  private mutating func read(line bytes: UnsafeRawBufferPointer, of owner: Int32? = nil) {
    var bytes = bytes
    if bytes.last == UInt8(ascii: "\r") {
      bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast())
    }
    guard !bytes.isEmpty else { return }
    let whole = ByteScanner(bytes)
    guard let line = StraceLine(whole) else {
      skip(whole)
      return
    }
    let number = line.thread ?? owner
    if let time = line.time { clock.advance(to: time) }
    switch StraceEntry(line.body) {
    case .called(let call, let arguments): called(call, arguments, by: number)
    case .resumed(let call, let rest): resumed(call, rest, by: number)
    case .ended(let termination): ended(termination, number)
    case .superseded(let other):
      if let (thread, _) = ending(number) { threads.supersede(thread, by: other) }
    case .signalled(let signal, let sender): signalled(signal, sender, number)
    case .attached(let thread): threads.announce(thread)
    case .ignored: break
    case .foreign: skip(whole)
    }
  }

  /// Skips a line that strace didn't write, or reads its end if strace has written on behind a text of the
  /// program's without a line's end.
  private mutating func skip(_ line: ByteScanner) {
    if let rest = line.rest(afterLast: "[pid "), rest.bytes.count + 5 < line.bytes.count {
      let own = line.bytes[(line.bytes.count - rest.bytes.count - 5)...]
      read(line: UnsafeRawBufferPointer(rebasing: own))
    } else {
      notes.damaged(line)
    }
  }

  /// Finds the thread of a line and its process, which may begin with this line. nil if the thread can't
  /// be known, or has ended.
  mutating func thread(
    _ number: Int32?, isResuming: Bool = false
  ) -> (thread: Int32, process: Int32)? {
    let (thread, beginning) = threads.thread(number, isResuming: isResuming)
    if let beginning { send(beginning) }
    guard let thread, let process = threads.processes.process(of: thread) else { return nil }
    return (thread, process)
  }

  // MARK: Ends and signals

  private mutating func ended(_ termination: Termination, _ number: Int32?) {
    guard let (thread, process) = ending(number) else { return }
    threads.pending[thread] = nil
    sendExecution(of: process)
    if let (process, termination) = threads.processes.end(thread, termination) {
      sendEnd(termination, of: process, thread)
    }
  }

  /// Finds the thread of a line about its end: one that has called exit_group has ended already.
  private mutating func ending(_ number: Int32?) -> (thread: Int32, process: Int32)? {
    guard number.map({ threads.isExpected($0) }) ?? !threads.processes.isEmpty else { return nil }
    return thread(number)
  }

  private mutating func signalled(_ signal: Int32, _ sender: Int32?, _ number: Int32?) {
    guard let (thread, process) = thread(number) else { return }
    let sender = sender.map { ProcessID(rawValue: threads.known($0)) }
    send(
      .signalled(SignalDelivery(signal: signal, sender: sender)), by: process, thread: thread)
  }

  // MARK: Events

  mutating func send(_ beginning: StraceThreads.Beginning) {
    if let parent = beginning.start.parent { sendExecution(of: parent.rawValue) }
    send(.started(beginning.start), by: beginning.process, thread: beginning.process)
  }

  /// Sends the execution of a process that hasn't been sent yet.
  mutating func sendExecution(of process: Int32) {
    guard let state = threads.processes[process], let execution = state.unsentExecution else {
      return
    }
    state.unsentExecution = nil
    send(.executed(execution), by: process, thread: process)
  }

  mutating func sendEnd(_ termination: Termination, of process: Int32, _ thread: Int32) {
    if process == threads.root { hasEnd = true }
    send(.exited(termination), by: process, thread: thread)
  }

  mutating func send(_ kind: Event.Kind, by process: Int32, thread: Int32) {
    sendExecution(of: process)
    sequence += 1
    body(
      Event(
        sequence: sequence, time: clock.time, process: ProcessID(rawValue: process),
        thread: ThreadID(rawValue: thread), kind: kind))
  }
}
