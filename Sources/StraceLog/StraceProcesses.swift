internal import TraceModel

/// The processes and threads of a log that have begun and not ended.
struct StraceProcesses {
  final class Process {
    let id: Int32
    var liveThreads = 1
    /// nil if the log doesn't say it.
    var workingDirectory: String?
    /// The program that it executes, until the event is sent. Its first opens may show that it is a
    /// script, for which the kernel runs an interpreter that no line names (execve(2), Interpreter
    /// scripts).
    var unsentExecution: Execution?
    var state: StraceProcessState
    /// How its leader ended, once it has.
    var termination: Termination?

    fileprivate init(id: Int32, state: StraceProcessState, workingDirectory: String?) {
      self.id = id
      self.state = state
      self.workingDirectory = workingDirectory
    }
  }

  private var processOf: [Int32: Int32] = [:]
  private var processes: [Int32: Process] = [:]

  var isEmpty: Bool { processOf.isEmpty }

  /// The only thread that lives; nil if there are others.
  var onlyThread: Int32? {
    processOf.count == 1 ? processOf.first?.key : nil
  }

  func process(of thread: Int32) -> Int32? {
    processOf[thread]
  }

  subscript(process: Int32) -> Process? {
    processes[process]
  }

  /// The processes with an unsent execution, in the order of their numbers.
  var withUnsentExecution: [Int32] {
    processes.values.filter { $0.unsentExecution != nil }.map(\.id).sorted()
  }

  mutating func add(process id: Int32, childOf parent: Process?, _ call: Start.Call = .fork) {
    processes[id] = Process(
      id: id, state: parent?.state.forked(by: call) ?? StraceProcessState(),
      workingDirectory: parent?.workingDirectory)
    processOf[id] = id
  }

  mutating func add(thread id: Int32, to process: Int32) {
    guard processOf[id] == nil, processes[process] != nil else { return }
    processOf[id] = process
    processes[process]?.liveThreads += 1
  }

  /// A thread has ended. Returns how its process ended if it was the last one.
  mutating func end(_ thread: Int32, _ termination: Termination) -> (Int32, Termination)? {
    guard let id = processOf.removeValue(forKey: thread) else { return nil }
    processes[id]?.liveThreads -= 1
    if thread == id || termination.isSignal { processes[id]?.termination = termination }
    guard let process = processes[id], process.liveThreads <= 0 else { return nil }
    processes[id] = nil
    return (id, process.termination ?? termination)
  }

  /// A whole process has ended. Returns the threads that it had.
  mutating func endAll(of process: Int32) -> [Int32] {
    guard let ended = processes.removeValue(forKey: process) else { return [] }
    // Most processes have one thread: only the others need a search among all threads.
    let threads =
      ended.liveThreads > 1 ? processOf.filter { $0.value == process }.map(\.key) : [process]
    for thread in threads { processOf[thread] = nil }
    return threads
  }

  /// A thread that isn't the leader has executed a program. It is the leader now, and the only thread.
  /// Returns the others.
  mutating func replaceThreads(byLeader leader: Int32) -> [Int32] {
    let others = processOf.filter { $0.value == leader && $0.key != leader }.map(\.key)
    for thread in others { processOf[thread] = nil }
    processOf[leader] = leader
    processes[leader]?.liveThreads = 1
    return others
  }
}

extension Termination {
  fileprivate var isSignal: Bool {
    if case .signal = self { true } else { false }
  }
}
