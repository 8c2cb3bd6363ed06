internal import Glibc
internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

// The end of the command, and of the tree.
extension Tracer {
  /// Ends every process of the tree, unless that has begun.
  func endTree() {
    if phase.beginEnding(.ofTree(at: .now)) { signalTree() }
  }

  /// Sends a signal to the command, which ends by itself and ends its processes. Ends every process
  /// that lives on after a grace.
  func endCommand(by signal: Int32) {
    guard phase.beginEnding(.ofCommand(at: .now)) else { return }
    // One that is kept before its delivery is delivered now.
    if !held.holds(signal, for: command.root, table) { send(signal, to: command.root) }
  }

  /// Asks the processes that have not ended in time to end, or kills them.
  func advanceTreeEnd(to now: Instant) {
    if phase.isEnding, phase.advanceTreeEnd(to: now) { signalTree() }
  }

  /// Sends every process the signals of the tree's end.
  func signalTree() {
    killUntraced()
    for process in table.processes.keys { sendEndSignals(to: process) }
  }

  /// Kills the processes below the tree's that the kernel has not put under the tracer, because a
  /// program asked for that (CLONE_UNTRACED of clone(2)). When their parents are gone they can't be
  /// found any more, so they are not asked to end.
  private func killUntraced() {
    for _ in 0..<Self.untracedRounds {
      var found: [ProcessID] = []
      var parents = Array(table.processes.keys)
      while let parent = parents.popLast() {
        for child in ProcessFolder(parent).children where table.processes[child] == nil {
          guard let state = ThreadFolder(child.firstThread, of: child).state, !state.isOver,
            let fields = StatusFields(of: child), fields.tracer == nil
          else { continue }
          found.append(child)
          parents.append(child)
        }
      }
      if found.isEmpty { return }
      for process in found { send(SIGKILL, to: process) }
    }
  }

  /// They may start others meanwhile.
  private static let untracedRounds = 20

  /// Sends a process the signals of the tree's end, if that has begun.
  func sendEndSignals(to process: ProcessID) {
    for signal in phase.treeEnd?.signals ?? [] { send(signal, to: process) }
  }

  /// Whether the signal that ends the tree has to wait, because the thread is making a semaphore.
  func postpones(_ signal: Int32, at stop: borrowing StoppedThread, _ thread: TracedThread) -> Bool
  {
    guard signal == SIGTERM, phase.treeEnd?.stage == .askingTree,
      stop.signalSender()?.rawValue == getpid(),
      case .read(let stack)? = read(stop, of: thread.process, wantsNative: { _ in false }).python,
      stack.frames.contains(where: \.makesSemaphore)
    else { return false }
    return postponed.postpone(thread.process.id, at: .now)
  }

  /// Sends the signals that have waited.
  func sendPostponed(at now: Instant) {
    for process in postponed.removeDue(at: now) where table.processes[process] != nil {
      sendEndSignals(to: process)
    }
  }

  /// The command's process has ended.
  func commandEnded(_ termination: Termination) {
    command.ended(termination)
    phase.commandEnded(at: .now)
  }

  /// Asks the handler about the processes that the command has left running.
  func decideAboutSurvivors(at now: Instant) {
    guard phase.endGrace(at: now), !table.processes.isEmpty else { return }
    switch handler.outlived(by: table.processes.keys.sorted()) {
    case .wait: break
    case .leave:
      phase.leave()
      descriptors.dropAllButStops()
    case .end: endTree()
    }
  }

  /// Closes what takes long to close. The process is about to exit, and the front waits for that.
  package func closeAfterExit() {
    starterFiles.closeAfterExit()
  }
}
