internal import LinuxProcess
internal import TraceModel

/// An inspection of every thread of the tree. Each is asked to stop, read when it does, and
/// resumed. A thread that can't stop (a parent in vfork, a thread at a notification) is read while
/// it waits.
final class ThreadSurvey {
  /// How long threads may take to stop.
  private static let patience = Duration.milliseconds(500)

  let waits: WaitReader
  /// When threads that have not stopped are read without.
  let deadline: Instant
  /// Whether some thread ran, instead of waiting.
  private(set) var isMoving: Bool
  /// How many threads the survey still waits for.
  private(set) var pendingCount = 0
  /// Candidates that the tracer doesn't know yet: their first stop is still to come.
  private var unknown: [ThreadID: SurveyCandidate] = [:]

  /// Asks all threads of all processes to stop. `isMoving` is whether something has moved before.
  init(of table: TraceeTable, isMoving: Bool, at now: Instant) {
    // Without /proc it isn't known whether anything has moved.
    self.isMoving = isMoving || ProcMount.current != .usable
    waits = WaitReader(Array(table.processes.keys))
    deadline = now + Self.patience
    var candidates: [SurveyCandidate] = []
    for process in table.processes.keys {
      let folder = ProcessFolder(process)
      for id in Self.threads(of: process, in: table) {
        let state = folder.thread(id).state
        // Without /proc no state is known.
        guard ProcMount.current == .usable ? state?.isOver == false : true else { continue }
        let known = table.threads[id]
        // A thread in a ptrace stop ran into it, unless the tracer keeps it there.
        let wasRunning =
          state == .running || state == .traced && known?.isInGroupStop != true
        let candidate = SurveyCandidate(thread: id, process: process, wasRunning: wasRunning)
        candidates.append(candidate)
        if let known { known.surveyCandidate = candidate } else { unknown[id] = candidate }
      }
    }
    pendingCount = candidates.count
    // Only after all states were read: a thread that stops makes others wait.
    for candidate in candidates { _ = interrupt(candidate.thread) }
  }

  /// Returns the threads of a process; without /proc those that the tracer knows.
  private static func threads(of process: ProcessID, in table: TraceeTable) -> [ThreadID] {
    if ProcMount.current == .usable { return ProcessFolder(process).threads }
    return table.processes[process]?.threads.sorted() ?? []
  }

  /// Removes a thread that has stopped, or is gone; nil if the survey doesn't wait for it.
  func remove(_ thread: TracedThread) -> SurveyCandidate? {
    guard let candidate = thread.surveyCandidate ?? unknown.removeValue(forKey: thread.id) else {
      return nil
    }
    thread.surveyCandidate = nil
    settle(candidate)
    return candidate
  }

  /// Removes the threads that have not stopped in time.
  func removeOverdue(in table: TraceeTable, at now: Instant) -> [SurveyCandidate] {
    guard now >= deadline else { return [] }
    var overdue = Array(unknown.values)
    unknown = [:]
    for thread in table.threads.values {
      if let candidate = thread.surveyCandidate {
        thread.surveyCandidate = nil
        overdue.append(candidate)
      }
    }
    overdue.forEach(settle)
    return overdue.sorted { $0.thread < $1.thread }
  }

  private func settle(_ candidate: SurveyCandidate) {
    pendingCount -= 1
    if candidate.wasRunning { isMoving = true }
  }

  /// Returns what a thread does that is in a ptrace stop, at or after `call`.
  func activity(_ candidate: SurveyCandidate, _ call: SystemCall?, isGroupStopped: Bool)
    -> ThreadActivity
  {
    let name = ThreadFolder(candidate.thread, of: candidate.process).name
    if isGroupStopped { return ThreadActivity(name: name, state: .stopped) }
    // After a call the registers still have its number; those of a thread that was in none have -1.
    guard !candidate.wasRunning, let call, call.number >= 0, !isExecuting(call) else {
      return ThreadActivity(name: name, state: .running)
    }
    return ThreadActivity(
      name: name,
      state: .waiting(waits.wait(in: call, candidate.thread, of: candidate.process)))
  }

  /// Returns what a thread does that doesn't stop.
  func activityWithoutStop(_ candidate: SurveyCandidate) -> ThreadActivity {
    let folder = ThreadFolder(candidate.thread, of: candidate.process)
    guard let call = folder.systemCall else {
      return ThreadActivity(name: folder.name, state: .unknown)
    }
    if isExecuting(call) { return ThreadActivity(name: folder.name, state: .running) }
    return ThreadActivity(
      name: folder.name,
      state: .waiting(waits.wait(in: call, candidate.thread, of: candidate.process)))
  }

  /// Whether a thread is about to run another program, and so doesn't wait for anything.
  private func isExecuting(_ call: SystemCall) -> Bool {
    guard call.isExecute else { return false }
    isMoving = true
    return true
  }
}
