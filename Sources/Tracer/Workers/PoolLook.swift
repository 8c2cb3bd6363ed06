internal import Glibc
internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

/// One look at a process that owns Pools, while it runs on: who waits for which job.
struct PoolLook {
  /// A thread that waits for the result of a job, or for the end of a Pool that has jobs.
  struct Waiter: Equatable {
    var thread: ThreadID
    var jobs: [Int]
    var isEndless: Bool
    var stack: StackReading

    /// Whether it is the same wait, as far as two looks can tell.
    static func == (one: Waiter, other: Waiter) -> Bool {
      one.thread == other.thread && one.jobs == other.jobs && one.isEndless == other.isEndless
    }
  }

  /// The jobs whose results are not complete; nil if no Pool could be read.
  private(set) var jobs: Set<Int>?
  private(set) var waiters: [Waiter] = []
  /// The main thread's stack.
  private(set) var mainStack: StackReading?
  /// Whether the main thread waits, for whatever, without a timeout.
  private(set) var isMainWaiting = false

  /// Whether the threads that send tasks and receive results have nothing to do.
  private(set) var isIdle = true
  /// How long these threads have used a processor.
  private(set) var processorTimes: [Duration] = []

  /// The most threads that are looked at.
  private static let threadLimit = 200

  private struct Seen {
    var thread: ThreadID
    var stack: StackReading
    var isEndless: Bool
    /// The result that it waits for, or the thread of a Pool that it joins.
    var result: UInt64?
    var joined: UInt64?
  }

  init(at process: TracedProcess, _ image: ProcessImage, _ stacks: StackObserver) {
    let folder = ProcessFolder(process.id)
    var seen: [Seen] = []
    var caches: [UInt64] = []
    /// The caches of Pools by the objects of the threads that keep their workers.
    var keepers: [UInt64: UInt64] = [:]
    for thread in folder.threads.prefix(Self.threadLimit) {
      let before = folder.thread(thread).systemCall
      guard let reading = stacks.read(thread, nil, of: process.id, image),
        case .read(let stack) = reading
      else { continue }
      let frames = stack.frames
      func object(_ variable: Int, where isWanted: (PythonFrame) -> Bool) -> UInt64? {
        stacks.object(variable, in: frames, image, where: isWanted)
      }
      if let cache = object(PoolVariable.resultsCache, where: \.receivesPoolResults) {
        caches.append(cache)
      }
      if let cache = object(PoolVariable.workersCache, where: \.keepsPoolWorkers),
        let keeper = object(PoolVariable.receiver, where: \.runsThread)
      {
        keepers[keeper] = cache
      }
      // A thread that has moved meanwhile has no stack to rely on.
      let call = folder.thread(thread).systemCall == before ? before : nil
      let isMain = thread == process.id.firstThread
      let isEndless =
        call?.isEndlessWait == true && !(isMain && Self.mayBeInterrupted(process.id))
      if let isIdle = Self.isIdle(frames, call) {
        self.isIdle = self.isIdle && isIdle
        processorTimes.append(folder.thread(thread).processorTime)
      }
      if isMain {
        mainStack = reading
        isMainWaiting = isEndless
      }
      let result = object(PoolVariable.receiver, where: \.awaitsPoolResult)
      let joined =
        frames.contains(where: \.joinsPool)
        ? object(PoolVariable.receiver, where: \.joinsThread) : nil
      if result != nil || joined != nil {
        seen.append(
          Seen(
            thread: thread, stack: reading, isEndless: isEndless, result: result, joined: joined))
      }
    }
    resolve(seen, caches, keepers) { stacks.results(inCache: $0, image) }
  }

  /// Whether an alarm may end the main thread's wait, as some test runners set one for each test. A
  /// timer of setitimer(2) can't be seen from outside, but a handler can.
  private static func mayBeInterrupted(_ process: ProcessID) -> Bool {
    StatusFields(of: process)?.handles(SIGALRM) == true
  }

  /// Whether a Pool's thread has nothing to do; nil for any other thread.
  private static func isIdle(_ frames: [PythonFrame], _ call: SystemCall?) -> Bool? {
    // A pipe that is read has nothing in it.
    if frames.contains(where: \.receivesPoolResults) { return call?.isRead == true }
    guard let index = frames.firstIndex(where: \.sendsPoolTasks) else { return nil }
    // Not in the program's iterator, which may wait for anything: SimpleQueue's `get` has no frame.
    guard index == 0 || frames[index - 1].getsFromQueue, let call else { return false }
    return call.isFutex && call.isEndlessWait
  }

  /// Finds out which jobs the threads wait for.
  private mutating func resolve(
    _ seen: [Seen], _ caches: [UInt64], _ keepers: [UInt64: UInt64],
    _ results: (UInt64) -> [Int: UInt64]?
  ) {
    var pools: [UInt64: [Int: UInt64]] = [:]
    for cache in caches { pools[cache] = results(cache) }
    guard !pools.isEmpty, pools.count == Set(caches).count else { return }
    jobs = Set(pools.values.flatMap(\.keys))
    for item in seen {
      var own: [Int] = []
      if let result = item.result {
        own = pools.values.flatMap { $0.filter { $0.value == result }.map(\.key) }
      } else if let joined = item.joined {
        // Up to 3.7 the thread has no variable with the cache.
        let pool =
          keepers[joined].flatMap { pools[$0] } ?? (pools.count == 1 ? pools.values.first : nil)
        own = pool.map { Array($0.keys) } ?? []
      }
      guard !own.isEmpty else { continue }
      waiters.append(
        Waiter(
          thread: item.thread, jobs: own.sorted(), isEndless: item.isEndless, stack: item.stack))
    }
  }
}
