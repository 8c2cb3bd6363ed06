internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// An inspection of every thread of the tree. Each is asked to stop, read when it does, and
/// resumed. A thread that can't stop (a parent in vfork, a thread at a notification) is read while
/// it waits.
final class ThreadSurvey {
  /// How long threads may take to stop.
  private static let patience = Duration.milliseconds(500)
  /// How long all of them may take to be read. Those that are left then are not read.
  private static let limit = Duration.seconds(10)

  let waits: WaitReader
  /// When threads that have not stopped are read without.
  let deadline: Instant
  /// When no more threads are read.
  private let end: Instant
  /// Whether some thread ran, instead of waiting.
  private(set) var isMoving: Bool
  /// How many threads the survey still waits for.
  private(set) var pendingCount = 0
  /// All threads, as they were at the beginning.
  let candidates: [SurveyCandidate]
  /// Candidates that the tracer doesn't know yet: their first stop is still to come.
  private var unknown: [ThreadID: SurveyCandidate] = [:]

  /// Asks all threads of all processes to stop, but for those that are `held` in a stop. `isMoving`
  /// is whether something has moved before.
  init(
    of table: TraceeTable, isMoving: Bool, held: Set<ThreadID> = [], at now: Instant
  ) {
    waits = WaitReader(Array(table.processes.keys))
    deadline = now + Self.patience
    end = now + Self.limit
    candidates = Self.candidates(in: table)
    // Without /proc it isn't known whether anything has moved.
    self.isMoving = isMoving || ProcMount.current != .usable || Self.haveRun(candidates)
    for candidate in candidates {
      if let known = table.threads[candidate.thread] {
        known.surveyCandidate = candidate
      } else {
        unknown[candidate.thread] = candidate
      }
    }
    pendingCount = candidates.count
    // Only after all states were read: a thread that stops makes others wait.
    for candidate in candidates where !held.contains(candidate.thread) {
      _ = interrupt(candidate.thread)
    }
  }

  /// Takes in a tree in which nothing has moved for a while and a signal is about to be delivered.
  /// No thread is stopped; those in a stop are there because of the signal.
  init(ofStill table: TraceeTable) {
    waits = WaitReader(Array(table.processes.keys))
    deadline = .now
    end = deadline + Self.limit
    var candidates = Self.candidates(in: table)
    // The signal has woken threads that will stop before its delivery.
    for _ in 0..<Self.wakeLimit where candidates.contains(where: \.wasRunning) {
      usleep(1000)
      candidates = Self.candidates(in: table)
      for index in candidates.indices {
        let candidate = candidates[index]
        let state = ThreadFolder(candidate.thread, of: candidate.process).state
        if state == .traced { candidates[index].wasRunning = false }
      }
    }
    self.candidates = candidates
    isMoving = candidates.contains(where: \.wasRunning)
  }

  /// How many milliseconds a thread may take to stop before a signal's delivery.
  private static let wakeLimit = 20

  private static func candidates(in table: TraceeTable) -> [SurveyCandidate] {
    var candidates: [SurveyCandidate] = []
    for process in table.processes.keys {
      let folder = ProcessFolder(process)
      for id in threads(of: process, in: table) {
        let thread = folder.thread(id)
        let turns = thread.turns
        let state = thread.state
        // Without /proc no state is known.
        guard ProcMount.current == .usable ? state?.isOver == false : true else { continue }
        // A thread in a ptrace stop ran into it, unless the tracer keeps it there.
        let wasRunning =
          state == .running || state == .traced && table.threads[id]?.isInGroupStop != true
        candidates.append(
          SurveyCandidate(thread: id, process: process, wasRunning: wasRunning, turns: turns))
      }
    }
    return candidates
  }

  /// Whether a thread that waited has run since. If none has, all waited at the same time.
  private static func haveRun(_ candidates: [SurveyCandidate]) -> Bool {
    candidates.contains {
      !$0.wasRunning && ThreadFolder($0.thread, of: $0.process).turns != $0.turns
    }
  }

  /// Returns the threads of a process; without /proc those that the tracer knows.
  private static func threads(of process: ProcessID, in table: TraceeTable) -> [ThreadID] {
    if ProcMount.current == .usable { return ProcessFolder(process).threads }
    return table.processes[process]?.threads.sorted() ?? []
  }

  /// Removes a thread that has stopped, or is gone; nil if the survey doesn't wait for it.
  ///
  /// - Parameter isInterrupted: Whether it is in the stop before a signal's delivery that has
  ///   interrupted its wait: what ran then was only its way there.
  func remove(_ thread: TracedThread, isInterrupted: Bool = false) -> SurveyCandidate? {
    guard var candidate = thread.surveyCandidate ?? unknown.removeValue(forKey: thread.id) else {
      return nil
    }
    if isInterrupted { candidate.wasRunning = false }
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

  /// Whether the survey has lasted so long that the threads that are left are not read.
  var isOverdue: Bool { .now >= end }

  /// What a thread does that is not read any more.
  static let unread = ThreadActivity(name: "", state: .unknown)

  /// Returns what a thread does that is in a ptrace stop, at or after `call`.
  func activity(_ candidate: SurveyCandidate, _ call: SystemCall?, isGroupStopped: Bool)
    -> ThreadActivity
  {
    let folder = ThreadFolder(candidate.thread, of: candidate.process)
    let name = folder.name
    if isGroupStopped { return ThreadActivity(name: name, state: .stopped) }
    // After a call the registers still have its number; those of a thread that was in none have -1.
    guard !candidate.wasRunning, let call, call.number >= 0, !isExecuting(call) else {
      return ThreadActivity(name: name, state: .running)
    }
    return waiting(candidate, in: call, name)
  }

  /// Returns what a thread does that doesn't stop.
  func activityWithoutStop(_ candidate: SurveyCandidate) -> ThreadActivity {
    let folder = ThreadFolder(candidate.thread, of: candidate.process)
    guard let call = folder.systemCall else {
      return ThreadActivity(name: folder.name, state: .unknown)
    }
    if isExecuting(call) { return ThreadActivity(name: folder.name, state: .running) }
    return waiting(candidate, in: call, folder.name)
  }

  private func waiting(
    _ candidate: SurveyCandidate, in call: SystemCall, _ name: String
  ) -> ThreadActivity {
    let isMain = candidate.thread.rawValue == candidate.process.rawValue
    return ThreadActivity(
      name: name, state: .waiting(waits.wait(in: call, candidate.thread, of: candidate.process)),
      handlesSignals: isMain && StatusFields(of: candidate.process)?.handlesSignalsOfOthers == true)
  }

  /// Whether a thread is about to run another program, and so doesn't wait for anything.
  private func isExecuting(_ call: SystemCall) -> Bool {
    guard call.isExecute else { return false }
    isMoving = true
    return true
  }
}
