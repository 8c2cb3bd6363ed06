internal import Glibc
internal import LinuxProcess
internal import TraceModel

// System calls that the filter picks.
extension Tracer {
  /// How many descriptors are waited for beside the listeners, before them.
  private static let fixedDescriptors = 3

  func serveNotifications() {
    var isEnded = false
    for (index, listener) in listeners.enumerated() {
      let events =
        polled.count > index + Self.fixedDescriptors
        ? polled[index + Self.fixedDescriptors].revents : 0
      if events & Int16(POLLIN) != 0 {
        serveNotification(at: listener)
      } else if events != 0 {
        isEnded = true
      }
    }
    guard isEnded else { return }
    // Nobody is under those filters any more.
    listeners = zip(listeners, polled.dropFirst(Self.fixedDescriptors)).filter {
      $1.revents == 0 || $1.revents & Int16(POLLIN) != 0
    }.map(\.0)
    polled = []
  }

  func serveNotification(at listener: NotificationListener) {
    guard let call = listener.next() else { return }
    lastServed[call.thread] = call.call
    if !isLeaving, let process = table.process(ofThread: call.thread) {
      look(at: call.call, by: call.thread, of: process)
    }
    _ = call.resume()
  }

  func look(at call: SystemCall, by thread: Int32, of process: TraceeTable.Process) {
    // The event is when the call was seen, not when its stack was read.
    let time = now
    if let stack = observer.executionStack(of: call, by: thread, of: process) {
      process.executionStack = stack
    }
    guard let observation = observer.observation(of: call, by: thread, of: process, in: table)
    else { return }
    emit(
      process.id, thread, observation.kind, CapturedStack(python: observation.stack), at: time)
  }
}
