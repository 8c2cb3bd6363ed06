internal import LinuxProcess
internal import Multiprocessing
internal import SystemPackage
internal import TraceModel

// Processes that are put under the filter while they run.
extension Tracer {
  /// Begins to install the filter for a process, by one of its threads.
  func beginFilter(
    by stop: borrowing StoppedThread, _ thread: TracedThread, isInCall: Bool
  ) {
    guard let installer else { return }
    thread.process.filterState = .installing
    apply(installer.begin(stop, thread, isInCall: isInCall), to: thread)
  }

  /// A module that starts workers was opened. Filters every process that may have opened it.
  ///
  /// A thread that opens a file runs; one that waits for something is not disturbed.
  func filterPossibleStarters() {
    starterFiles.drain()
    guard installer != nil, phase.sendsEvents else { return }
    for process in table.processes.values where process.filterState == .off {
      guard process.image?.state.isPython == true,
        let thread = process.threads.first(where: { thread in
          switch ThreadFolder(thread, of: process.id).state {
          case .running, .uninterruptible: true
          default: false
          }
        }), interrupt(thread)
      else { continue }
      process.filterState = .due
    }
  }

  /// The thread is at the beginning or the end of a call that it makes for the tracer.
  func continueFilter(by stop: consuming StoppedThread, _ thread: TracedThread) {
    if let progress = installer?.advance(stop, thread) { apply(progress, to: thread) }
    resume(stop, thread)
  }

  private func apply(_ progress: FilterInstaller.Progress, to thread: TracedThread) {
    let process = thread.process
    switch progress {
    case .working: break
    case .installed(let listener):
      process.filterState = .on
      if let listener { listen(to: listener) }
    case .refused(.resourceTemporarilyUnavailable):
      // It is in a call that is to be made again: another stop will come.
      process.filterState = .due
    case .refused(.noSuchProcess): process.filterState = .off
    case .refused(let error):
      process.filterState = .refused
      emit(.blinded("\(error)"), by: thread.id, of: process.id)
    }
  }
}
