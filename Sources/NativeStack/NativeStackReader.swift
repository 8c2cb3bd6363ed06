package import LinuxProcess
package import TraceModel

/// Reads the native stacks of threads that are stopped by ptrace.
///
/// It keeps for each process the mappings, and for each file the functions, the unwind table and what
/// was found out about places in its code. A process's part must be dropped when it executes another
/// program or is gone: see ``forget(process:)``. It makes no ptrace request itself.
package final class NativeStackReader {
  /// The most frames of a stack.
  package static let frameLimit = 512
  /// The most processes that are kept; of more, the one that was asked for longest ago is dropped.
  private static let processLimit = 64

  let files: CodeFiles
  private var processes: [ProcessID: ProcessCode] = [:]
  private var clock: UInt64 = 0

  package init() {
    files = CodeFiles(store: ImageStore())
  }

  /// One that doesn't use /proc/PID/map_files, as where the capability for it is missing.
  init(usesMapFiles: Bool) {
    files = CodeFiles(store: ImageStore(usesMapFiles: usesMapFiles))
  }

  /// Drops what is kept of a process: it has executed another program, or is gone.
  package func forget(process: ProcessID) {
    processes[process] = nil
  }

  /// Takes over for a child what is kept of its parent: a child of fork, vfork or clone has the same
  /// files at the same addresses. Without it the child is read anew, which takes longer.
  package func inherit(child: ProcessID, from parent: ProcessID) {
    processes[child] = processes[parent]
  }

  /// Reads the stack of a thread.
  ///
  /// - Parameters:
  ///   - thread: The thread; it must be in a ptrace stop.
  ///   - process: Its process: the thread group's id.
  ///   - registers: Those that it was stopped with.
  ///   - memory: The process's memory, turned to this stop by its `begin`.
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

  /// Forgets all but the files; for measurements.
  package func flush() {
    files.space?.flush()
    files.places.removeAll()
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
