internal import Glibc
internal import LinuxProcess
internal import TraceModel

// Signals that reach the front, and job control, in which the front follows the command.
extension Tracer {
  func serveFront() {
    while let message = front.nextMessage() {
      switch message {
      case .signal(let signal):
        if signal.number == SIGTERM { lastFrontRequest = .now }
        answer(signal)
      case .gone:
        phase.abandon(at: .now)
        descriptors.dropAllButStops()
        return
      }
    }
  }

  /// Answers a signal that has reached the front, or that went to the tracer in its place.
  func answer(_ signal: Front.Signal) {
    // Our own, which continued the front.
    if signal.number == SIGCONT, signal.sender?.rawValue == getpid() { return }
    // A process of the tree may signal its whole group, which the front belongs to.
    if let sender = signal.sender, table.thread(sender.firstThread) != nil { return }
    let rootIsAlive = table.processes[command.root] != nil
    var unanswered = 1
    if signal.number == SIGINT, signal.sender == nil {
      guard let count = rootIsAlive ? unansweredInterrupts() : 1 else { return }
      unanswered = count
    }
    switch handler.interrupted(
      by: signal.number, sender: signal.sender, unanswered: unanswered, rootIsAlive: rootIsAlive)
    {
    case .ignore: break
    case .passOn:
      if signal.number == SIGCONT {
        // One that was sent to the whole group will reach the command, too; one that has ended an
        // earlier stop isn't for this one.
        guard command.isStopped, signal.stopCount == front.stopCount else { return }
        command.job = .stopped(continuation: .now + Self.announcementPatience)
      } else if Self.stops.contains(signal.number), signal.stopCount != front.stopCount {
        // It went to the whole group: the command has stopped by it, and may have gone on.
        break
      } else if rootIsAlive {
        signal.forward(to: command.root)
      }
    case .survey where phase.mayBeginSurvey && requestedSurvey == nil:
      requestedSurvey = (signal.number, .now + Self.settling)
      if signal.number == SIGTERM { endRequest = .now }
    case .survey where signal.number == SIGTERM && endRequest.map(Self.isRepeated) == true: break
    case .survey, .endTree:
      // A second request means that the user doesn't want to wait.
      phase.hurry()
      endTree()
    }
  }

  private static let stops = [SIGTSTP, SIGTTIN, SIGTTOU]

  /// Begins the survey that a signal has asked for.
  func beginRequestedSurvey(at now: Instant) {
    guard let (signal, due) = requestedSurvey, now >= due else { return }
    requestedSurvey = nil
    beginSurvey(.signal(signal), isMoving: false)
  }

  /// How long threads may take that have got the signal, too: until they are held before its
  /// delivery, or wait again after one without effect.
  private static let settling = Duration.milliseconds(30)

  /// Whether a request came so lately that another one belongs to it: timeout(1) signals its command
  /// and then the group that it is in.
  private static func isRepeated(since request: Instant) -> Bool {
    Instant.now.since(request) < .milliseconds(200)
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
