internal import LinuxProcess
internal import TraceModel

/// A process under ptrace.
final class TracedProcess {
  let id: ProcessID
  var image: ProcessImage?
  /// Its stack at its last execve, until the call has succeeded.
  var executionStack: StackReading?
  var filterState = FilterState.off
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
}
