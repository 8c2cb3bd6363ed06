internal import TraceModel

/// Finds the thread that a line is about, and notices when processes and threads begin.
///
/// A thread may have lines before the call that created it has returned, and the root has no number in a
/// terminal until another process runs.
struct StraceThreads {
  /// A process that has begun.
  struct Beginning {
    var process: Int32
    var start: Start
  }

  /// How well the log shows which process started which.
  struct Lineage {
    fileprivate(set) var hasChildren = false
    fileprivate(set) var hasLinesOfChildren = false
    /// Whether a process began without a call that created it.
    fileprivate(set) var hasUnknownParents = false
    /// Whether a process began while several calls were creating one.
    fileprivate(set) var hasUnsureParents = false
  }

  private(set) var lineage = Lineage()
  var processes = StraceProcesses()
  /// Calls that have begun and not returned, by thread.
  var pending: [Int32: PendingCall] = [:]
  /// Threads that strace has said that it follows, and that have no line yet.
  private var announced: Set<Int32> = []
  /// Threads that have had lines before the call that created them has returned.
  private var seenEarly: Set<Int32> = []
  /// Threads that another thread's execve has ended.
  private var superseded: Set<Int32> = []
  /// Other numbers of a thread: the root has none until another process runs.
  private var aliases: [Int32: Int32] = [:]
  /// The traced command's process, once a line of it was read.
  private(set) var root: Int32?
  private var hasProvisionalRoot = false

  /// The root's number until a line has it.
  private static let provisionalRoot: Int32 = 0

  /// Returns the number by which a thread is known here.
  func known(_ number: Int32) -> Int32 {
    aliases[number] ?? number
  }

  /// Whether a thread is alive, or is about to begin.
  func isExpected(_ number: Int32) -> Bool {
    processes.process(of: known(number)) != nil || hasProvisionalRoot || announced.contains(number)
  }

  /// strace has attached to a thread.
  mutating func announce(_ number: Int32) {
    announced.insert(number)
  }

  /// Finds the thread of a line.
  ///
  /// - Parameters:
  ///   - number: The thread that the line names, if it does.
  ///   - isResuming: Whether the line is about a call that has begun earlier.
  /// - Returns: The thread, nil if it can't be known, and the process that begins with this line.
  mutating func thread(
    _ number: Int32?, isResuming: Bool
  ) -> (thread: Int32?, beginning: Beginning?) {
    guard let number else {
      guard processes.isEmpty, root == nil else { return (processes.onlyThread ?? root, nil) }
      hasProvisionalRoot = true
      let beginning = beginRoot(Self.provisionalRoot)
      return (processes.onlyThread ?? root, beginning)
    }
    if let known = aliases[number] { return (known, nil) }
    if let process = processes.process(of: number) {
      if process != root { lineage.hasLinesOfChildren = true }
      return (number, nil)
    }
    guard let root else { return (number, beginRoot(number)) }
    // Files of `strace -ff` without times have them behind the execve that has ended the thread.
    if superseded.contains(number), !pending.values.contains(where: \.call.createsThread) {
      return (nil, nil)
    }
    if hasProvisionalRoot, !announced.contains(number) || isResuming && pending[root] != nil {
      aliases[number] = root
      hasProvisionalRoot = false
      return (root, nil)
    }
    return (number, beginAtFirstSight(number))
  }

  private mutating func beginRoot(_ number: Int32) -> Beginning {
    root = number
    processes.add(process: number, childOf: nil)
    return Beginning(process: number, start: Start(call: .launch, parent: nil))
  }

  /// A line of an unknown thread: the call that created it hasn't returned. If several calls may create
  /// it, the thread with the lowest number is taken for its creator.
  private mutating func beginAtFirstSight(_ number: Int32) -> Beginning? {
    announced.remove(number)
    superseded.remove(number)
    let creators = pending.filter { $0.value.call.createsThread }.map(\.key)
    if creators.count > 1 { lineage.hasUnsureParents = true }
    if let creator = creators.min() {
      let beginning = begin(
        number, createdBy: creator, pending[creator] ?? PendingCall(call: .clone))
      seenEarly.insert(number)
      return beginning
    }
    lineage.hasUnknownParents = true
    processes.add(process: number, childOf: nil)
    return Beginning(process: number, start: Start(call: .unseen, parent: nil))
  }

  /// A call that creates a thread has returned. Returns the process that it has created, unless that is
  /// known already, or it is a thread of the same process.
  mutating func begin(
    _ number: Int32, createdBy creator: Int32, _ call: PendingCall
  ) -> Beginning? {
    announced.remove(number)
    superseded.remove(number)
    guard seenEarly.remove(number) == nil, processes.process(of: number) == nil,
      let parent = processes.process(of: creator)
    else { return nil }
    if call.isThread {
      processes.add(thread: number, to: parent)
      return nil
    }
    lineage.hasChildren = true
    processes.add(process: number, childOf: processes[parent], call.start)
    return Beginning(
      process: number,
      start: Start(
        call: call.start, parent: ProcessID(rawValue: parent),
        creator: creator == parent ? nil : ThreadID(rawValue: creator)))
  }

  /// A thread's execve has replaced all threads of its process; its call goes on under the leader's
  /// number.
  mutating func supersede(_ leader: Int32, by thread: Int32) {
    guard let process = processes.process(of: leader) else { return }
    pending[leader] = pending.removeValue(forKey: known(thread))
    superseded.formUnion(processes.replaceThreads(byLeader: process))
  }
}
