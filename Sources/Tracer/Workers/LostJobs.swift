internal import LinuxProcess
internal import TraceModel

/// The jobs of Pools whose workers have died, by the processes that may own these Pools, until it
/// is known what these do about them.
///
/// An owner is looked at again and again: it may be on its way to the wait, or the result may be on
/// its way to the owner.
struct LostJobs {
  struct Owner {
    /// The jobs, and when each was lost.
    var jobs: [Int: Instant] = [:]
    /// The jobs about which an event was sent that no thread waits for ever.
    var settled: Set<Int> = []
    var lastLoss: Instant
    var nextLook: Instant
    /// How many more looks search for jobs that were lost unseen, if no thread waits for any.
    var searches = 0
    /// How long the threads that could complete a job had used a processor at the last look; nil if
    /// one of them was not waiting for another one.
    var rest: [Duration]?
    var lastLook: PoolLook?
  }

  private(set) var owners: [ProcessID: Owner] = [:]

  /// How long a wait is watched before it counts: a Pool's next workers may die as well, which is
  /// another fault.
  static let patience = Duration.milliseconds(300)
  /// When it is said what an owner does that doesn't wait for ever.
  static let verdict = Duration.milliseconds(900)
  private static let firstInterval = Duration.milliseconds(150)
  private static let lastInterval = Duration.seconds(2)
  /// The most jobs that are watched of one owner.
  private static let jobLimit = 64

  /// When the next look is due; nil if there is nothing to look at.
  var nextInstant: Instant? {
    owners.isEmpty ? nil : owners.values.map(\.nextLook).min()
  }

  /// A worker has died with a job in its hands.
  mutating func lost(_ job: Int, by owner: ProcessID, at now: Instant) {
    var entry = owners[owner] ?? Owner(lastLoss: now, nextLook: now + Self.firstInterval)
    guard entry.jobs.count < Self.jobLimit || entry.jobs[job] != nil else { return }
    entry.jobs[job] = now
    entry.settled.remove(job)
    entry.lastLoss = now
    entry.nextLook = now + Self.firstInterval
    owners[owner] = entry
  }

  /// A worker that may be of a Pool has ended by itself. It may have ended in the middle of a task
  /// (`sys.exit`), which its stack doesn't show any more then.
  mutating func ended(workerOf owner: ProcessID, at now: Instant) {
    var entry = owners[owner] ?? Owner(lastLoss: now, nextLook: now + Self.firstInterval)
    entry.searches = Self.searchLimit
    owners[owner] = entry
  }

  private static let searchLimit = 8

  /// The owners that are to be looked at now.
  func due(at now: Instant) -> [ProcessID] {
    owners.isEmpty ? [] : owners.filter { $0.value.nextLook <= now }.keys.sorted()
  }

  /// Something to be said about a lost job.
  struct News {
    var thread: ThreadID
    var stack: StackReading?
    var wait: JobWait
  }

  /// Adds a look at an owner, and returns what is new.
  ///
  /// - Parameter idleTimes: How long all workers that the owner may have have used a processor; nil
  ///   if one of them doesn't wait for a task.
  mutating func add(
    _ look: PoolLook, at owner: ProcessID, _ now: Instant, idleTimes: () -> [Duration]?
  ) -> [News] {
    guard var entry = owners[owner] else { return [] }
    var news = entry.search(look, owner, idleTimes)
    for (job, time) in entry.jobs.sorted(by: { $0.key < $1.key }) {
      let waiters = look.waiters.filter { $0.jobs.contains(job) }
      let isPending = look.jobs.map { $0.contains(job) }
      let endless = waiters.first { entry.isEndless($0, look, owner) }
      if let endless, now.since(entry.lastLoss) >= Self.patience {
        news.append(
          News(
            thread: endless.thread, stack: endless.stack,
            wait: JobWait(job: job, state: .endless, isMainWaiting: look.isMainWaiting)))
        entry.jobs[job] = nil
      } else if isPending == false || now.since(time) >= Self.verdict,
        entry.settled.insert(job).inserted
      {
        let timed = isPending == false ? nil : waiters.first { !$0.isEndless }
        news.append(
          News(
            thread: timed?.thread ?? owner.firstThread, stack: timed?.stack ?? look.mainStack,
            wait: JobWait(
              job: job, state: timed == nil ? .none : .timed, isMainWaiting: look.isMainWaiting)))
      }
      // The result has come all the same, or the program has thrown it away.
      if isPending == false { entry.jobs[job] = nil }
    }
    entry.lastLook = look
    let interval = min(
      Self.lastInterval, max(Self.firstInterval, now.since(entry.lastLoss) / 4))
    entry.nextLook = now + interval
    owners[owner] = entry.jobs.isEmpty && entry.searches == 0 ? nil : entry
    return news
  }

  /// The owner has ended, or executes another program.
  mutating func forget(_ owner: ProcessID) {
    if !owners.isEmpty { owners[owner] = nil }
  }
}

extension LostJobs.Owner {
  /// Whether a thread waits for ever, and the main thread with it.
  fileprivate func isEndless(
    _ waiter: PoolLook.Waiter, _ look: PoolLook, _ owner: ProcessID
  ) -> Bool {
    waiter.isEndless && (waiter.thread == owner.firstThread || look.isMainWaiting)
      && lastLook?.waiters.contains(waiter) == true
  }

  /// Searches for jobs that were lost unseen: a thread waits for them for ever, and from the last
  /// look to this one every worker has waited for a task, and no task and no result was on its way.
  fileprivate mutating func search(
    _ look: PoolLook, _ owner: ProcessID, _ idleTimes: () -> [Duration]?
  ) -> [LostJobs.News] {
    guard searches > 0 else { return [] }
    let endless = look.waiters.filter {
      isEndless($0, look, owner) && $0.jobs.allSatisfy { jobs[$0] == nil }
    }
    if endless.isEmpty { searches -= 1 }
    let before = rest
    rest = endless.isEmpty || !look.isIdle ? nil : idleTimes().map { look.processorTimes + $0 }
    guard let rest, rest == before else { return [] }
    searches = 0
    return endless.compactMap { waiter in
      waiter.jobs.first.map { job in
        LostJobs.News(
          thread: waiter.thread, stack: waiter.stack,
          wait: JobWait(job: job, state: .endless, isMainWaiting: look.isMainWaiting))
      }
    }
  }
}
