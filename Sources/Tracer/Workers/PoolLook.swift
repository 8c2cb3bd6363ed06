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
      let isEndless = before?.isEndlessWait == true && folder.thread(thread).systemCall == before
      if thread == process.id.firstThread {
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

extension SystemCall {
  /// Whether it waits until another thread or process does something, without a timeout.
  fileprivate var isEndlessWait: Bool {
    guard let known = BlockingCall(number: number) else { return false }
    return switch known.form {
    case .futex: self[3] == 0
    case .poll(.milliseconds): Int32(truncatingIfNeeded: self[2]) < 0
    case .poll(.pointer): self[2] == 0
    case .select: self[4] == 0
    case .epoll: Int32(truncatingIfNeeded: self[3]) < 0
    case .sleep: false
    case .signal(let timeout): timeout.map { self[$0] == 0 } ?? true
    default: true
    }
  }
}
