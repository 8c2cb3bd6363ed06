internal import LinuxProcess
internal import SystemPackage
internal import TraceModel

/// The traced command's own process, the root of the tree, and what became of it.
struct TracedCommand: ~Copyable {
  enum State: Hashable {
    /// Its process has not executed the program yet.
    case starting
    case executed
    case ended(Termination)
    /// The program could not be executed.
    case failed(Errno)
  }

  /// Whether a signal of job control has stopped it.
  enum JobState: Hashable {
    case running
    /// The front got a SIGCONT that may be on its way to the command, too. If the command still
    /// stands at `continuation`, it is sent one.
    case stopped(continuation: Instant?)
  }

  let root: ProcessID
  private let program: LaunchedProgram
  private(set) var state = State.starting
  var job = JobState.running

  init(_ program: consuming LaunchedProgram) {
    root = program.process
    self.program = program
  }

  var isStopped: Bool { job != .running }

  /// When a SIGCONT is due.
  var continuation: Instant? {
    if case .stopped(let continuation) = job { continuation } else { nil }
  }

  /// The root has executed a program.
  mutating func executed() {
    if state == .starting { state = .executed }
  }

  mutating func stopped() {
    if !isStopped { job = .stopped(continuation: nil) }
  }

  mutating func ended(_ termination: Termination) {
    let error = state == .starting ? program.executionError() : nil
    state = error.map(State.failed) ?? .ended(termination)
    job = .running
  }
}
