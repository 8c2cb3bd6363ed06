internal import Glibc
internal import LinuxProcess
internal import TraceModel

// The front, and the end of the command for which it stands.
extension Tracer {
  func hearFront() {
    while let message = front.next() {
      switch message {
      case .signal(let arrival): answer(arrival)
      case .gone:
        // Nobody would know what becomes of the tree.
        isLeaving = true
        polled = []
        isAbandoned = true
        if ending == nil { ending = TreeEnd(of: []) }
        ending?.hurry()
        return
      }
    }
  }

  func answer(_ arrival: Front.Arrival) {
    // By which the front was told that the command goes on.
    if arrival.signal == SIGCONT, arrival.sender == getpid() { return }
    // The tree's own signals to its whole group, of which the front is one, are the tree's matter.
    if let sender = arrival.sender, table.process(ofThread: sender) != nil { return }
    let rootIsAlive = table.processes[root] != nil
    let sender = arrival.sender.map { ProcessID(rawValue: $0) }
    switch handler.interrupted(by: arrival.signal, sender: sender, rootIsAlive: rootIsAlive) {
    case .ignore: break
    case .passOn:
      // One that was sent to the whole group is on its way to the command, too; one that has ended an
      // earlier stop is not for this one.
      if arrival.signal == SIGCONT {
        guard isRootStopped, arrival.stops == front.stops else { return }
        continuation = monotonicNanoseconds() + Self.patience
      } else if rootIsAlive {
        arrival.send(to: root)
      }
    case .survey where !hasSurveyed && ending == nil:
      beginSurvey(.signal(arrival.signal), isMoving: false)
    case .survey, .endTree:
      // Who asks twice doesn't want to wait.
      ending?.hurry()
      endTree()
    }
  }

  /// The last thing that is asked of it: the process is about to exit, and the front waits for that.
  package func closeBehind() {
    starterFiles.closeBehind()
  }

  func rootEnded(_ termination: Termination) {
    rootTermination = termination
    if !hasExecuted { executionError = program.executionError() }
    isRootStopped = false
    graceEnd = monotonicNanoseconds() + Self.grace
  }

  func askForSurvivors() {
    guard let end = graceEnd, monotonicNanoseconds() >= end else { return }
    graceEnd = nil
    guard ending == nil, !table.processes.isEmpty else { return }
    switch handler.outlived(by: table.processes.keys.sorted().map { ProcessID(rawValue: $0) }) {
    case .wait: break
    case .leave:
      isLeaving = true
      polled = []
    case .end: endTree()
    }
  }

  func continueCommand() {
    guard let time = continuation, monotonicNanoseconds() >= time else { return }
    continuation = nil
    if isRootStopped { send(SIGCONT, to: root) }
  }
}
