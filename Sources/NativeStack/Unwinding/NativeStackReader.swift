package import LinuxProcess
package import TraceModel

/// Reads the native stacks of threads that are stopped by ptrace.
///
/// It caches the mappings of each process, and for each file the functions, the unwind table and
/// the meaning of positions in its code. The cache of a process must be dropped when it executes
/// another program or is gone: see ``forget(process:)``. The reader makes no ptrace request itself.
package final class NativeStackReader {
  /// The most frames of a stack.
  package static let frameLimit = 512
  /// The most processes that are cached; beyond it, the one that wasn't used for longest is
  /// dropped.
  private static let processLimit = 64

  let files: CodeFiles
  private var processes: [ProcessID: ProcessCode] = [:]
  private var clock: UInt64 = 0

  package init() {
    files = CodeFiles(store: ImageStore())
  }

  /// Makes a reader that can do without /proc/PID/map_files, as if the capability for it were
  /// missing.
  init(usesMapFiles: Bool) {
    files = CodeFiles(store: ImageStore(usesMapFiles: usesMapFiles))
  }

  /// Drops the cache of a process, which has executed another program or is gone.
  package func forget(process: ProcessID) {
    processes[process] = nil
  }

  /// Copies the cache of a parent for its child: a child of fork, vfork or clone has the same files
  /// at the same addresses. Without this the child's mappings are read anew, which takes longer.
  package func inherit(child: ProcessID, from parent: ProcessID) {
    processes[child] = processes[parent]
  }

  /// Reads the stack of a thread.
  ///
  /// - Parameters:
  ///   - thread: The thread; it must be in a ptrace stop.
  ///   - process: The thread's process: the thread group's id.
  ///   - registers: The registers of the thread at its stop.
  ///   - memory: The process's memory, prepared for this stop by its `begin`.
  package func read(
    of thread: ThreadID, process: ProcessID, registers: ThreadRegisters, memory: PagedMemory
  ) -> NativeStackReading {
    clock += 1
    var code = processes.removeValue(forKey: process) ?? newProcess()
    code.lastUse = clock
    let walk = StackWalk(process: process, code: code, files: files, memory: memory)
    let reading = walk.run(from: registers, limit: Self.frameLimit)
    processes[process] = walk.code
    return reading
  }

  /// Empties all caches except those of files. Used by measurements and tests.
  package func flush() {
    files.space?.flush()
    files.positions.removeAll()
  }

  private func newProcess() -> ProcessCode {
    if processes.count >= Self.processLimit,
      let oldest = processes.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      processes[oldest.key] = nil
    }
    return ProcessCode()
  }
}
