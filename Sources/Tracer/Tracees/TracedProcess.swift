internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

/// A process under ptrace.
final class TracedProcess {
  let id: ProcessID
  var image: ProcessImage?
  /// Its stack at its last execve, until the call has succeeded.
  var executionStack: StackReading?
  var filterState = FilterState.off
  /// Whether multiprocessing, or a library like it, was seen to fork it as a worker.
  var isForkedAsWorker = false
  /// The thread that created it, unless that is its parent's first, and when that thread ended.
  var creator: ThreadID?
  var creatorEnd: Instant?
  /// Whether it may be a Pool's worker: the stack at its start shows a Pool, or it is a forkserver's
  /// and one of the server's clients may have a Pool.
  var mayBeOfPool = false
  /// Whether one of its stacks shows a Pool, or could not be read.
  var mayHavePool = false
  /// Whether it was seen to die with a job in its hands.
  var hasLostJob = false
  /// Whether its threads stop at their exits.
  var hasExitStops = false
  /// Whether it is new, and `hasExitStops` is what it has inherited.
  var exitStopsAreDue = false
  /// The process that created it; nil if that wasn't seen.
  let parent: ProcessID?
  /// The ids of its threads. Only `TraceeTable` changes them.
  var threads: Set<ThreadID>

  var hasOneThread: Bool { threads.count < 2 }

  init(id: ProcessID, image: ProcessImage?, parent: ProcessID?) {
    self.id = id
    self.image = image
    self.parent = parent
    threads = [id.firstThread]
  }

  /// Notes what a stack of one of its threads says about Pools.
  func note(_ stack: StackReading?) {
    guard !mayHavePool, let stack else { return }
    if case .read(let stack) = stack, stack.cut == nil {
      mayHavePool = stack.frames.contains(where: \.isOfPool)
    } else {
      mayHavePool = true
    }
  }
}
