internal import TraceModel

/// Which threads the log speaks of, and to which processes they belong.
struct TracedThreads {
  final class Process {
    let id: Int32
    var liveThreads = 1
    /// nil where the log doesn't tell it.
    var workingDirectory: String?
    /// What it executes, while nobody has been told: its first opens may show that it is a script, for
    /// which the kernel runs an interpreter that no line names (execve(2), Interpreter scripts).
    var untold: Execution?
    var isPython = false
    var role: Role?
    /// Whether it is a worker that is being prepared.
    var isBooting = false
    /// The traceback that it writes.
    var traceback = TracebackProgress()
    /// How its leader ended, once it has.
    var termination: Termination?

    init(id: Int32) {
      self.id = id
    }
  }

  private var processOf: [Int32: Int32] = [:]
  private var processes: [Int32: Process] = [:]

  var isEmpty: Bool { processOf.isEmpty }

  /// The only thread that lives; nil where there are others.
  var onlyThread: Int32? {
    processOf.count == 1 ? processOf.first?.key : nil
  }

  func process(of thread: Int32) -> Int32? {
    processOf[thread]
  }

  subscript(process: Int32) -> Process? {
    processes[process]
  }

  /// The processes of which nobody has been told what they execute, in the order of their numbers.
  var untold: [Int32] {
    processes.values.filter { $0.untold != nil }.map(\.id).sorted()
  }

  mutating func addProcess(_ id: Int32, like parent: Process?) {
    let process = Process(id: id)
    process.workingDirectory = parent?.workingDirectory
    process.isPython = parent?.isPython ?? false
    process.role = parent?.role
    // A forkserver forks each of its workers, which is then prepared.
    process.isBooting = parent.map { $0.isBooting || $0.role == .forkserver } ?? false
    processes[id] = process
    processOf[id] = id
  }

  mutating func addThread(_ id: Int32, to process: Int32) {
    guard processOf[id] == nil, processes[process] != nil else { return }
    processOf[id] = process
    processes[process]?.liveThreads += 1
  }

  /// A thread has ended; returns how its process did, where it was the last.
  mutating func end(_ thread: Int32, _ termination: Termination) -> (Int32, Termination)? {
    guard let id = processOf.removeValue(forKey: thread) else { return nil }
    processes[id]?.liveThreads -= 1
    if thread == id || termination.isSignal { processes[id]?.termination = termination }
    guard let process = processes[id], process.liveThreads <= 0 else { return nil }
    processes[id] = nil
    return (id, process.termination ?? termination)
  }

  /// A whole process has ended; returns the threads that it had.
  mutating func endAll(of process: Int32) -> [Int32] {
    guard let ended = processes.removeValue(forKey: process) else { return [] }
    // Most have one: looking through all threads of all processes is for those that have more.
    let threads =
      ended.liveThreads > 1 ? processOf.filter { $0.value == process }.map(\.key) : [process]
    for thread in threads { processOf[thread] = nil }
    return threads
  }

  /// A thread that isn't the leader has executed a program: it is the leader now, and alone.
  mutating func takeOver(leader: Int32) {
    for (thread, process) in processOf where process == leader && thread != leader {
      processOf[thread] = nil
    }
    processOf[leader] = leader
    processes[leader]?.liveThreads = 1
  }
}

extension Termination {
  fileprivate var isSignal: Bool {
    if case .signal = self { true } else { false }
  }
}
