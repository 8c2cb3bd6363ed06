internal import LinuxProcess
internal import SystemPackage
internal import TraceModel

// Processes that are put under the filter.
extension Tracer {
  func watch(
    _ process: TraceeTable.Process, from thread: borrowing StoppedThread, isInCall: Bool
  ) {
    guard let installer else { return }
    process.watch = .beginning
    take(
      installer.begin(thread, of: process.id, isInCall: isInCall, isAlone: process.isAlone),
      of: process, thread.id)
  }

  /// Somebody has opened a module that starts workers: puts those under the filter that it can have been.
  ///
  /// Whoever opens a file runs; a thread that waits for something is left in peace.
  func watchStarters() {
    starterFiles.take()
    guard installer != nil, !isLeaving else { return }
    for process in table.processes.values where process.watch == .off {
      guard process.image?.isPython == true,
        let thread = process.threads.first(where: {
          ["R", "D"].contains(ThreadStatus(process: process.id, thread: $0).state)
        }), interrupt(thread: thread)
      else { continue }
      process.watch = .due
    }
  }

  /// The thread stands at the beginning or the end of a call that it makes for the tracer.
  func install(in thread: consuming StoppedThread, _ process: TraceeTable.Process) {
    if let installer, installer.isWorking(thread.id) {
      take(installer.advance(thread), of: process, thread.id)
    }
    goOn(thread)
  }

  func take(
    _ progress: FilterInstaller.Progress, of process: TraceeTable.Process, _ thread: Int32
  ) {
    switch progress {
    case .working: break
    case .installed(let listener):
      process.watch = .on
      if let listener { listen(to: listener) }
    case .refused(.resourceTemporarilyUnavailable):
      // It is in a call that is to be made again: another stop will come.
      process.watch = .due
    case .refused(.noSuchProcess): process.watch = .off
    case .refused(let error):
      process.watch = .refused
      emit(process.id, thread, .blinded("\(error)"))
    }
  }
}
