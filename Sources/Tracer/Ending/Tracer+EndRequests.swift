internal import Glibc
internal import LinuxProcess
internal import TraceModel

// Signals to the tracer itself, which ask for the run's end, and a front that something has stopped.
// Usually signals go to the front. But a program may stop the front, and after a run that has left
// processes running there is none.
extension Tracer {
  /// A signal came to the tracer itself.
  func requestEnd(_ request: StopSignal.EndRequest) {
    // A program may signal its parent, or its whole group.
    if let sender = request.sender, table.thread(sender.firstThread) != nil { return }
    guard phase.sendsEvents else {
      if phase.endSurvivors(at: .now) { signalTree() }
      return
    }
    ownRequest = (request, .now + Self.frontPatience)
    front.continueToEnd()
  }

  /// Answers a signal to the tracer unless the front has got it, too.
  func serveEndRequest(at now: Instant) {
    if phase.sendsEvents, now >= nextFrontCheck {
      nextFrontCheck = now + Self.frontInterval
      front.continueToEnd()
    }
    guard let (request, due) = ownRequest, now >= due else { return }
    ownRequest = nil
    // A command that is stopped, and its front with it, gets signals when it is continued.
    if command.isStopped || lastFrontRequest.map({ due.since($0) < Self.frontPatience * 2 }) == true
    {
      return
    }
    answer(front.signal(request))
  }

  /// How long the front may take to pass on a signal that went to its whole group.
  private static let frontPatience = Duration.milliseconds(300)
  /// How often the front is looked at: the timer of `StopSignal` wakes the loop as often.
  static let frontInterval = Duration.seconds(1)
}
