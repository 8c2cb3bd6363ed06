internal import CSpawnTrace
internal import LinuxProcess
internal import TraceModel

/// A look at every thread of the tree, while it stands: each is asked to stop, read when it does, and
/// let go on. Who can't stop (a parent in vfork, a thread at a notification) is read where it waits.
final class Survey {
  /// How long threads may take to stop.
  private static let patience: UInt64 = 500_000_000

  /// What /proc says of a thread before it is asked.
  struct Candidate {
    let thread: Int32
    let process: Int32
    let wasRunning: Bool
  }

  let waits: WaitReader
  private let deadline: UInt64
  private(set) var pending: [Int32: Candidate] = [:]
  /// Whether some thread ran, instead of waiting.
  private(set) var isMoving: Bool

  /// Asks all threads of `processes` to stop. `isMoving` is whether something has moved before; `resting`
  /// are those that a signal of job control has stopped.
  init(of processes: [Int32], isMoving: Bool, resting: Set<Int32>) {
    self.isMoving = isMoving
    waits = WaitReader(processes)
    deadline = monotonicNanoseconds() + Self.patience
    for process in processes {
      for thread in ThreadStatus.threads(of: process) {
        let state = ThreadStatus(process: process, thread: thread).state
        guard let state, state != "Z", state != "X" else { continue }
        // One that stands in a stop of ours ran into it.
        let wasRunning = state == "R" || state == "t" && !resting.contains(thread)
        pending[thread] = Candidate(
          thread: thread, process: process, wasRunning: wasRunning)
      }
    }
    // After all were looked at: who is stopped makes others wait.
    for thread in pending.keys { _ = interrupt(thread: thread) }
  }

  /// Takes a thread that has stopped, or is gone; nil where it isn't waited for.
  func take(_ thread: Int32) -> Candidate? {
    guard let candidate = pending.removeValue(forKey: thread) else { return nil }
    if candidate.wasRunning { isMoving = true }
    return candidate
  }

  /// Takes those that have not stopped in time.
  func takeOverdue() -> [Candidate] {
    guard monotonicNanoseconds() >= deadline else { return [] }
    return pending.keys.sorted().compactMap { take($0) }
  }

  /// Nanoseconds until `takeOverdue` has something to do.
  var wait: UInt64 {
    let now = monotonicNanoseconds()
    return deadline > now ? deadline - now : 0
  }

  /// What a thread does that stands in a ptrace stop.
  func activity(_ candidate: Candidate, _ call: SystemCall?, isGroupStopped: Bool) -> ThreadActivity
  {
    let name = ThreadStatus(process: candidate.process, thread: candidate.thread).name
    if isGroupStopped { return ThreadActivity(name: name, state: .stopped) }
    // Behind a call the registers still have its number; a thread that was in none has -1.
    guard !candidate.wasRunning, let call, call.number >= 0, !isExecuting(call) else {
      return ThreadActivity(name: name, state: .running)
    }
    return ThreadActivity(
      name: name,
      state: .waiting(waits.wait(in: call, candidate.thread, of: candidate.process)))
  }

  /// The same for a thread that doesn't stop.
  func activityWithoutStop(_ candidate: Candidate) -> ThreadActivity {
    let status = ThreadStatus(process: candidate.process, thread: candidate.thread)
    guard let call = status.systemCall else {
      return ThreadActivity(name: status.name, state: .unknown)
    }
    if isExecuting(call) { return ThreadActivity(name: status.name, state: .running) }
    return ThreadActivity(
      name: status.name,
      state: .waiting(waits.wait(in: call, candidate.thread, of: candidate.process)))
  }

  /// Whether a thread is about to run another program, which waits for nobody.
  private func isExecuting(_ call: SystemCall) -> Bool {
    let number = Int32(truncatingIfNeeded: call.number)
    guard number == SYS_execve || number == SYS_execveat else { return false }
    isMoving = true
    return true
  }
}
