internal import LinuxProcess
internal import SystemPackage
internal import TraceModel

// Calls that the tracer answers itself.
extension Tracer {
  /// Lets a call go on that was examined, or answers it if it asks for a file that is served.
  func answer(_ waiting: consuming WaitingCall) {
    let thread = waiting.thread
    // A child that isn't announced yet has its first thread's number.
    let process = table.thread(thread)?.process.id ?? ProcessID(firstThread: thread)
    switch served?.answer(to: waiting.call, by: thread, of: process) {
    case nil: _ = waiting.resume()
    case .error(let error): _ = waiting.fail(with: error)
    case .text(let text, let closesOnExec):
      let descriptor = text.opened()
      // The file's own text would be the wrong one.
      _ =
        descriptor.rawValue < 0
        ? waiting.fail(with: .ioError)
        : waiting.answer(with: descriptor, closesOnExec: closesOnExec)
    }
  }
}
