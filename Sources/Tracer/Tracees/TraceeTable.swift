internal import LinuxProcess
internal import TraceModel

/// The threads that are traced, and the processes they belong to.
///
/// A child's first stop may come before the event of the parent that created it, or after it, and a
/// parent that is killed in between gives no event at all (tracers call it the two-state join).
struct TraceeTable {
  /// A new tracee before its parent's event.
  struct Unannounced {
    /// Its process at its first stop.
    var process: ProcessID
    /// Its parent at its first stop; nil if it was gone by then.
    var parent: ProcessID?
    var firstStop: WaitStatus
    /// When it is adopted without the parent's event.
    var adoptionDeadline: Instant
    /// Its end, if that came before the parent's event.
    var end: WaitStatus?
  }

  private(set) var processes: [ProcessID: TracedProcess] = [:]
  private(set) var threads: [ThreadID: TracedThread] = [:]
  private(set) var unannounced: [ThreadID: Unannounced] = [:]
  /// Tracees that were adopted without their parent's event, which may still come.
  private var adopted: Set<ThreadID> = []
  /// The ends of tracees that were killed before their first stop, and before their parent's event.
  private var earlyEnds: [ThreadID: WaitStatus] = [:]

  var isEmpty: Bool {
    processes.isEmpty && unannounced.isEmpty
  }

  // MARK: Processes and threads

  func thread(_ id: ThreadID) -> TracedThread? {
    threads[id]
  }

  /// Adds a process with its first thread.
  @discardableResult
  mutating func addProcess(
    _ id: ProcessID, image: ProcessImage?, parent: ProcessID? = nil
  ) -> TracedProcess {
    let process = TracedProcess(id: id, image: image, parent: parent)
    processes[id] = process
    threads[id.firstThread] = TracedThread(id: id.firstThread, of: process)
    return process
  }

  mutating func addThread(_ id: ThreadID, to process: TracedProcess) {
    threads[id] = TracedThread(id: id, of: process)
    process.threads.insert(id)
  }

  /// Removes a thread that is not its process's first.
  mutating func removeThread(_ thread: TracedThread) {
    threads[thread.id] = nil
    thread.process.threads.remove(thread.id)
  }

  /// Removes a process, and returns its threads.
  mutating func removeProcess(_ id: ProcessID) -> [TracedThread] {
    guard let process = processes.removeValue(forKey: id) else { return [] }
    return process.threads.compactMap { threads.removeValue(forKey: $0) }
  }

  /// Removes the threads that an exec has ended, and returns them. Afterwards a process has one
  /// thread, with the process's number, whichever thread has made the exec.
  mutating func keepOnlyFirstThread(of process: TracedProcess) -> [TracedThread] {
    let first = process.id.firstThread
    let gone = process.threads.subtracting([first]).compactMap { threads.removeValue(forKey: $0) }
    process.threads = [first]
    if threads[first] == nil { threads[first] = TracedThread(id: first, of: process) }
    return gone
  }

  // MARK: New tracees

  mutating func hold(_ thread: ThreadID, _ unannounced: Unannounced) {
    // The kernel uses ids again: earlier facts are another thread's.
    adopted.remove(thread)
    earlyEnds[thread] = nil
    self.unannounced[thread] = unannounced
  }

  mutating func removeUnannounced(_ thread: ThreadID) -> Unannounced? {
    unannounced.removeValue(forKey: thread)
  }

  /// Adopts a process or a thread without its parent's event; false if it isn't held any more.
  mutating func adopt(_ thread: ThreadID) -> Bool {
    guard unannounced.removeValue(forKey: thread) != nil else { return false }
    adopted.insert(thread)
    return true
  }

  /// Returns once whether a tracee was adopted; to be called at its parent's event. A thread that
  /// is gone by then would be added as a process that never ends.
  mutating func removeAdopted(_ thread: ThreadID) -> Bool {
    adopted.remove(thread) != nil
  }

  /// Records the end of a tracee that hasn't been announced yet. A held thread that isn't a process
  /// is dropped: its parent's event won't come.
  mutating func noteEnd(of thread: ThreadID, _ end: WaitStatus) {
    if let known = unannounced[thread] {
      unannounced[thread]?.end = end
      if known.process.firstThread != thread { unannounced[thread] = nil }
    } else {
      earlyEnds[thread] = end
    }
  }

  mutating func removeEarlyEnd(of thread: ThreadID) -> WaitStatus? {
    earlyEnds.removeValue(forKey: thread)
  }

  /// When the next process or thread is to be adopted without its parent's event.
  var adoptionDeadline: Instant? {
    if unannounced.isEmpty { return nil }
    return unannounced.lazy.filter {
      $0.key == $0.value.process.firstThread || processes[$0.value.process] != nil
    }
    .map(\.value.adoptionDeadline).min()
  }
}
