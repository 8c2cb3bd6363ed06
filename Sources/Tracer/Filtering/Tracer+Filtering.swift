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

  /// A thread was interrupted because it may have opened a module that starts workers. If its stack
  /// shows a start, that open is an event, a little late: no other one comes before the task is
  /// pickled.
  func noteStart(by stop: borrowing StoppedThread, _ thread: TracedThread) {
    let process = thread.process
    let stack = read(stop, of: process, at: stop.registers(), wantsNative: { _ in false })
    guard case .read(let python) = stack.python,
      let stage = LaunchStage(python.frames), stage == .asking || stage == .pickling,
      let start = python.frames.first(where: { $0.plays(.asksForProcess) }),
      // Another process may have opened it, while this one starts a worker by spawn.
      start.qualifiedName?.contains("Spawn") != true,
      !python.frames.contains(where: { StarterModule(path: $0.path) == .spawn })
    else { return }
    let path = (String(start.path.directory) + "/" + StarterModule.forkserver.rawValue + ".py")
      .absolutePath(in: process.image?.workingDirectory ?? "/")
    let status = ProcessFolder(process.id).status(of: path)
    emit(
      .opened(
        FileOpen(path: path, identity: status.map(FileIdentity.init), meaning: .starter)),
      by: thread.id, of: process.id, stack)
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
