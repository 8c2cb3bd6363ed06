import ELFImage

/// The search for a thread's innermost frame among Python's thread states.
///
/// One thread can have two thread states, of two interpreters. The one with frames counts; if both
/// have frames, the one of the newer interpreter.
struct ThreadSearch {
  /// The most interpreters that are visited.
  private static let interpreterLimit = 64
  /// The most thread states that are visited, of all interpreters.
  private static let threadLimit = 8192
  /// One more than the largest number that the kernel gives to a thread (`PID_MAX_LIMIT`).
  private static let threadIDEnd: Int32 = 4_194_304

  /// The frame with which a thread's stack begins.
  struct InnermostFrame: Hashable {
    var address: UInt64
    /// The address of the `_PyCFrame` that led to it, in 3.11 and 3.12.
    var link: UInt64?
  }

  enum Outcome: Hashable {
    case frame(InnermostFrame)
    case noFrames
    case failure(String)
  }

  private let key: ThreadKey
  private let offsets: StructureOffsets
  private let threadSize: Int

  /// Whether a thread state of this thread without frames was found.
  private var sawThread = false
  /// The innermost frame of the thread state with the key's `native_thread_id`.
  private var nativeMatch: InnermostFrame?
  /// The number of thread states with frames, and the innermost frame of one of them.
  private var runningCount = 0
  private var runningFrame: InnermostFrame?
  /// Whether a number that is plausible for a thread was found behind `pthread_self()`.
  private var hasThreadIDs = false
  private var visited = 0

  init(for key: ThreadKey, offsets: StructureOffsets) {
    self.key = key
    self.offsets = offsets
    let thread = offsets.thread
    let top =
      switch thread.topFrame {
      case .direct(let offset), .throughCFrame(let offset, _): offset
      }
    self.threadSize =
      max(thread.next, thread.identifier, thread.nativeIdentifier ?? 0, top) + 8
  }

  /// Searches the interpreters from `newest` on.
  mutating func run(from newest: UInt64, in memory: inout some MemoryReader) -> Outcome {
    var interpreter = newest
    var count = 0
    while interpreter != 0 {
      guard
        count < Self.interpreterLimit,
        let newestThread: UInt64 = memory.integer(
          at: interpreter &+ UInt64(offsets.interpreter.threads)),
        let next: UInt64 = memory.integer(at: interpreter &+ UInt64(offsets.interpreter.next))
      else {
        return conclusion(isWhole: false)
      }
      count += 1
      var thread = newestThread
      while thread != 0 {
        guard
          visited < Self.threadLimit,
          let record = RemoteRecord(at: thread, count: threadSize, in: &memory),
          let nextThread = record.word(offsets.thread.next)
        else {
          return conclusion(isWhole: false)
        }
        visited += 1
        if let frame = visit(record, in: &memory) {
          return .frame(frame)
        }
        thread = nextThread
      }
      interpreter = next
    }
    return conclusion(isWhole: true)
  }

  /// Examines a thread state; returns its innermost frame if it is certainly the thread's.
  private mutating func visit(
    _ record: RemoteRecord, in memory: inout some MemoryReader
  ) -> InnermostFrame? {
    guard let identifier = record.word(offsets.thread.identifier) else { return nil }
    switch key {
    case .threadPointer(let pointer):
      guard identifier == pointer else { return nil }
      sawThread = true
      return topFrame(of: record, in: &memory)
    case .threadID(let number, _):
      let recorded: Int32 = memory.integer(at: identifier &+ Architecture.threadIDOffset) ?? 0
      hasThreadIDs = hasThreadIDs || (1..<Self.threadIDEnd).contains(recorded)
      let frame = topFrame(of: record, in: &memory)
      if recorded == number {
        sawThread = true
        return frame
      }
      if let frame {
        runningCount += 1
        runningFrame = frame
      }
      if nativeMatch == nil, number > 0,
        let native = offsets.thread.nativeIdentifier.flatMap({ record.word($0) }),
        native == UInt64(number)
      {
        nativeMatch = frame
        sawThread = sawThread || frame == nil
      }
      return nil
    }
  }

  /// The innermost frame of a thread state; nil if it has none.
  private func topFrame(
    of record: RemoteRecord, in memory: inout some MemoryReader
  ) -> InnermostFrame? {
    var link: UInt64?
    let frame: UInt64?
    switch offsets.thread.topFrame {
    case .direct(let offset):
      frame = record.word(offset)
    case .throughCFrame(let pointer, let offset):
      link = record.word(pointer)
      frame = link.flatMap { memory.integer(at: $0 &+ UInt64(offset)) }
    }
    return frame.flatMap { $0 == 0 ? nil : InnermostFrame(address: $0, link: link) }
  }

  /// The outcome if no thread state was certainly the thread's, or if its state had no frames.
  private func conclusion(isWhole: Bool) -> Outcome {
    if let nativeMatch {
      return .frame(nativeMatch)
    }
    guard isWhole else {
      return .failure(
        visited >= Self.threadLimit
          ? "Python has more than \(Self.threadLimit) threads, or their list is broken"
          : "the list of Python's threads can't be read")
    }
    if sawThread {
      return .noFrames
    }
    guard case .threadID(let number, let isOnlyThread) = key, let runningFrame else {
      return .noFrames
    }
    if isOnlyThread {
      return runningCount == 1
        ? .frame(runningFrame)
        : .failure("the process has one thread, but \(runningCount) of Python's have frames")
    }
    // A thread that isn't Python's is in no list. This is certain only if numbers of threads were
    // found to compare with.
    return hasThreadIDs || offsets.thread.nativeIdentifier != nil
      ? .noFrames
      : .failure("thread \(number) can't be distinguished from Python's other threads")
  }
}
