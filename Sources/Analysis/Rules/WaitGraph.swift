internal import Multiprocessing
internal import TraceModel

/// The waits of a survey as a graph: which threads may go on, and which never will.
///
/// A thread may go on by itself if it runs, waits with a timeout, or waits for something outside of
/// the tree (a peer, a person, a signal). Any other may go on once a thread may that could end its
/// wait. What is unknown counts as able to go on.
struct WaitGraph {
  /// How much the stacks are trusted to say what could end a wait.
  enum Trust {
    /// Any thread may do anything to its own process, its children, and what it has open.
    case none
    /// A child ends by its main thread, and helper threads that only look after others end no wait.
    case stacks
  }

  /// The threads that can't go on, by their index in the survey.
  private(set) var stuck: Set<Int> = []
  private let survey: RunSurvey
  private let trust: Trust
  private let members: [Int: [Int]]
  /// The surveyed processes by their pids. Some may have ended since: the survey's stop makes a
  /// write to a full pipe return early (README, "Limits").
  private let surveyed: [ProcessID: Int]

  init(_ survey: RunSurvey, in forest: ProcessForest, trusting trust: Trust) {
    self.survey = survey
    self.trust = trust
    members = Dictionary(grouping: survey.threads.indices) { survey.threads[$0].process }
    let mains = survey.threads.filter(\.isMain).map {
      (ProcessID(firstThread: $0.thread), $0.process)
    }
    surveyed = Dictionary(mains) { $1 }
    settle(survey.threads.indices.map { needs(of: survey.threads[$0], in: forest) })
  }

  /// Whether a thread waits for ever.
  func isStuck(_ thread: SurveyedThread) -> Bool {
    members[thread.process]?.contains {
      stuck.contains($0) && survey.threads[$0].thread == thread.thread
    } ?? false
  }

  /// Whether every thread of a process waits for ever.
  func isStuck(process: Int) -> Bool {
    members[process]?.allSatisfy(stuck.contains) ?? false
  }

  /// Finds the threads that nothing wakes: all but those that may go on, those whose waits they may
  /// end, and so on.
  private mutating func settle(_ needs: [[Waker]?]) {
    var free: Set<Int> = []
    var waiting = Set(needs.indices)
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in waiting {
        guard let wakers = needs[index],
          !wakers.contains(where: { mayWake($0, survey.threads[index], free) })
        else {
          waiting.remove(index)
          free.insert(index)
          hasChanged = true
          continue
        }
      }
    }
    stuck = waiting
  }

  // MARK: What could end a wait

  private enum Waker: Hashable {
    case anyThread(of: Int)
    case mainThread(of: Int)
  }

  private func mayWake(_ waker: Waker, _ thread: SurveyedThread, _ free: Set<Int>) -> Bool {
    func isThere(_ process: Int, _ condition: (SurveyedThread) -> Bool) -> Bool {
      (members[process] ?? []).contains {
        let other = survey.threads[$0]
        guard condition(other) else { return false }
        if other.runsHandlers, other.process != thread.process, thread.awaitsWord { return true }
        return free.contains($0) && !(trust == .stacks && other.isHelper)
      }
    }
    switch waker {
    case .anyThread(let process): return isThere(process) { _ in true }
    case .mainThread(let process): return isThere(process, \.isMain)
    }
  }

  /// What could end a thread's wait; nil if it goes on by itself, or that is unknown.
  private func needs(of thread: SurveyedThread, in forest: ProcessForest) -> [Waker]? {
    // Longer lists of objects are cut.
    guard let wait = thread.wait, !wait.isTimed, (1..<64).contains(wait.objects.count) else {
      return nil
    }
    var wakers: [Waker] = []
    for object in wait.objects {
      guard let some = self.wakers(of: object, thread, in: forest) else { return nil }
      wakers += some
    }
    let isOwn = wakers.allSatisfy { $0 == .anyThread(of: thread.process) }
    if isOwn, thread.mayAwaitSignal { return nil }
    // An event loop has a pipe of its own, which a signal may fill: it waits for Ctrl-C.
    if isOwn, thread.isMain, wait.isMultiplexed { return nil }
    return wakers
  }

  private func wakers(
    of object: WaitObject, _ thread: SurveyedThread, in forest: ProcessForest
  ) -> [Waker]? {
    let own = Waker.anyThread(of: thread.process)
    switch object.kind {
    case .time, .signal, .terminal, .file: return nil
    case .semaphore
    where object.hasNameForAll
      && object.processes.allSatisfy { id(of: $0, in: forest) == thread.process }:
      return nil
    case .lock: return [own]
    case .fileLock, .pipeToRead, .pipeToWrite, .socket, .semaphore:
      let others = members(object.processes.map { id(of: $0, in: forest) })
      guard let others, object.kind == .semaphore || !others.isEmpty else { return nil }
      return [own] + others.map { .anyThread(of: $0) }
    case .child, .process:
      let pids = object.processes.map { id(of: $0, in: forest) }
      let isAny = object.kind == .child && pids.isEmpty
      guard let others = members(isAny ? forest.liveChildren(of: thread.process) : pids),
        !others.isEmpty
      else { return nil }
      guard trust == .stacks else { return [own] + others.map { .anyThread(of: $0) } }
      return others.map { other in
        let hasMain = members[other]?.contains { survey.threads[$0].isMain } ?? false
        return hasMain ? .mainThread(of: other) : .anyThread(of: other)
      }
    }
  }

  private func id(of process: ProcessID, in forest: ProcessForest) -> Int? {
    surveyed[process] ?? forest.id(of: process)
  }

  /// The processes; nil if one of them was not surveyed.
  private func members(_ processes: [Int?]) -> [Int]? {
    let known = processes.compactMap { $0 }.filter { members[$0] != nil }
    return known.count == processes.count ? known : nil
  }
}

extension WaitObject {
  /// Whether any program may open the semaphore by its name (sem_overview(7)). multiprocessing keeps
  /// the names of its own for workers to come (Lib/multiprocessing/synchronize.py,
  /// `SemLock._make_name`; loky's begin otherwise).
  fileprivate var hasNameForAll: Bool {
    guard let name, !name.hasSuffix(" (deleted)") else { return false }
    let file = name.lastPathComponent
    return !file.hasPrefix("sem.mp-") && !file.hasPrefix("sem.loky-")
  }
}

extension Wait {
  /// Whether the thread waits for several descriptors at once, as event loops do.
  fileprivate var isMultiplexed: Bool {
    ["poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait"].contains(call)
  }
}

extension SurveyedThread {
  /// Whether the thread only looks after others now and then.
  fileprivate var isHelper: Bool {
    !isMain && wait?.isTimed == true && frames.contains(where: \.looksAfterOthers)
  }

  /// Whether the thread waits in a `with` or in `acquire`, for a lock and not for an event.
  fileprivate var takesLock: Bool { frames.first?.takesLock == true }

  /// Whether the thread waits for a word that a signal's handler in another process may give: an
  /// event, or bytes. No handler is meant to release a lock or to empty a pipe.
  fileprivate var awaitsWord: Bool {
    guard let wait, !takesLock else { return false }
    return wait.objects.contains { object in
      switch object.kind {
      case .semaphore, .pipeToRead, .socket: true
      default: false
      }
    }
  }

  /// Whether handlers of signals run in the thread, as Python has them: also in the middle of
  /// `Event.wait()`.
  fileprivate var runsHandlers: Bool { isMain && activity.handlesSignals }

  /// Whether a signal's handler could be what the thread waits for: it waits in code of the
  /// program's own, and not for a lock. Handlers end no thread, and complete nothing of a queue, a
  /// future or a Pool.
  fileprivate var mayAwaitSignal: Bool {
    guard runsHandlers, !takesLock else { return false }
    let primitives = frames.prefix {
      $0.path.ends(with: "/threading.py") || $0.path.ends(with: "/synchronize.py")
    }
    if primitives.contains(where: { $0.function == "join" || $0.function == "_shutdown" }) {
      return false
    }
    return frames.dropFirst(primitives.count).first.map {
      [.user, .package].contains(CodeOrigin(path: $0.path))
    } ?? true
  }
}
