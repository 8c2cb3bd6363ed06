internal import LinuxProcess
internal import TraceModel

/// The threads that are traced, and the processes they belong to.
///
/// A child's first stop may come before the event of the parent that made it, or after it, and a
/// parent that is killed in between gives no event at all (tracers call it the two-state join).
struct TraceeTable {
  /// A new tracee whose parent's event hasn't come yet.
  struct Unannounced {
    /// Its process and its parent at its first stop.
    var process: Int32
    var parent: Int32
    var firstStop: WaitStatus
    /// When it is taken in without the parent's event.
    var adoptionDeadline: UInt64
    /// Its end, where that came before the parent's event.
    var end: WaitStatus?
  }

  final class Process {
    let id: Int32
    var image: ProcessImage?
    /// Where it asked for the program that it is about to run.
    var executionStack: StackReading?
    /// Whether its calls are seen.
    var watch = Watch.off
    /// Who made it, where that was seen.
    var maker: Int32?
    fileprivate(set) var threads: Set<Int32>

    /// Whether it has one thread.
    var isAlone: Bool { threads.count < 2 }

    init(id: Int32, image: ProcessImage?) {
      self.id = id
      self.image = image
      threads = [id]
    }
  }

  /// Whether a process is under the filter.
  enum Watch {
    case off
    /// It is to be put under it at its next stop.
    case due
    /// One of its threads is at it.
    case beginning
    case on
    case refused
  }

  private(set) var processes: [Int32: Process] = [:]
  private var processOfThread: [Int32: Int32] = [:]
  private(set) var unannounced: [Int32: Unannounced] = [:]
  /// Those that were taken in without their maker's event, which may still come.
  private var adopted: Set<Int32> = []
  /// The ends of those that nobody had told of and that never stopped: killed as they were made.
  private var ends: [Int32: WaitStatus] = [:]

  var isEmpty: Bool {
    processes.isEmpty && unannounced.isEmpty
  }

  func process(ofThread thread: Int32) -> Process? {
    processOfThread[thread].flatMap { processes[$0] }
  }

  mutating func addProcess(_ id: Int32, image: ProcessImage?) {
    processes[id] = Process(id: id, image: image)
    processOfThread[id] = id
  }

  mutating func addThread(_ id: Int32, to process: Int32) {
    processOfThread[id] = process
    processes[process]?.threads.insert(id)
  }

  mutating func removeThread(_ id: Int32) {
    guard let process = processOfThread.removeValue(forKey: id) else { return }
    processes[process]?.threads.remove(id)
  }

  mutating func removeProcess(_ id: Int32) {
    processes.removeValue(forKey: id)?.threads.forEach { processOfThread[$0] = nil }
  }

  /// After an exec a process has one thread, under the process's own id, whichever thread made it.
  /// Returns those that are gone.
  mutating func keepOnlyLeader(of id: Int32) -> Set<Int32> {
    guard let process = processes[id] else { return [] }
    let gone = process.threads.subtracting([id])
    gone.forEach { processOfThread[$0] = nil }
    process.threads = [id]
    processOfThread[id] = id
    return gone
  }

  mutating func hold(_ thread: Int32, _ unannounced: Unannounced) {
    // An id that is used again.
    adopted.remove(thread)
    ends[thread] = nil
    self.unannounced[thread] = unannounced
  }

  mutating func takeUnannounced(_ thread: Int32) -> Unannounced? {
    unannounced.removeValue(forKey: thread)
  }

  /// Takes in a process or a thread without its maker's event; false where it isn't waiting for that any
  /// more.
  mutating func adopt(_ thread: Int32) -> Bool {
    guard unannounced.removeValue(forKey: thread) != nil else { return false }
    adopted.insert(thread)
    return true
  }

  /// Whether it was taken in before; asked once, at its maker's event. A thread that is gone by then would
  /// be taken for a process that never ends.
  mutating func takeAdopted(_ thread: Int32) -> Bool {
    adopted.remove(thread) != nil
  }

  /// Keeps the end of somebody who isn't known yet; of a thread nobody will tell any more.
  mutating func noteEnd(of thread: Int32, _ end: WaitStatus) {
    if let known = unannounced[thread] {
      unannounced[thread]?.end = end
      if known.process != thread { unannounced[thread] = nil }
    } else {
      ends[thread] = end
    }
  }

  mutating func takeEnd(_ thread: Int32) -> WaitStatus? {
    ends.removeValue(forKey: thread)
  }

  /// When the next process or thread is to be taken in without its maker's event.
  var adoptionDeadline: UInt64? {
    if unannounced.isEmpty { return nil }
    return unannounced.lazy.filter {
      $0.key == $0.value.process || processes[$0.value.process] != nil
    }
    .map(\.value.adoptionDeadline).min()
  }
}
