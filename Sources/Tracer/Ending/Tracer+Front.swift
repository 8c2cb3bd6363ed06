internal import Glibc
internal import LinuxProcess
internal import TraceModel

// Signals that reach the front, and job control, in which the front follows the command.
extension Tracer {
  func serveFront() {
    while let message = front.nextMessage() {
      switch message {
      case .signal(let signal): answer(signal)
      case .gone:
        phase.abandon(at: .now)
        descriptors.dropAllButStops()
        return
      }
    }
  }

  private func answer(_ signal: Front.Signal) {
    // Our own, which continued the front.
    if signal.number == SIGCONT, signal.sender?.rawValue == getpid() { return }
    // A process of the tree may signal its whole group, which the front belongs to.
    if let sender = signal.sender, table.thread(sender.firstThread) != nil { return }
    let rootIsAlive = table.processes[command.root] != nil
    switch handler.interrupted(
      by: signal.number, sender: signal.sender, rootIsAlive: rootIsAlive)
    {
    case .ignore: break
    case .passOn:
      if signal.number == SIGCONT {
        // One that was sent to the whole group will reach the command, too; one that has ended an
        // earlier stop isn't for this one.
        guard command.isStopped, signal.stopCount == front.stopCount else { return }
        command.job = .stopped(continuation: .now + Self.announcementPatience)
      } else if rootIsAlive {
        signal.forward(to: command.root)
      }
    case .survey where phase.mayBeginSurvey:
      beginSurvey(.signal(signal.number), isMoving: false)
    case .survey, .endTree:
      // A second request means that the user doesn't want to wait.
      phase.hurry()
      endTree()
    }
  }

  /// Stops the front: the command's first thread is in a group-stop.
  func commandStopped(by signal: Int32) {
    guard phase.sendsEvents else { return }
    command.stopped()
    front.stop(by: signal)
  }

  /// Continues the front: the command's group-stop has ended.
  func commandContinued() {
    command.job = .running
    if phase.sendsEvents { front.resume() }
  }

  /// Continues a command that is still stopped.
  func continueCommand(at now: Instant) {
    guard let time = command.continuation, now >= time else { return }
    command.job = .stopped(continuation: nil)
    send(SIGCONT, to: command.root)
  }
}
