internal import CSpawnTrace
internal import Glibc
internal import SystemPackage
package import TraceModel

/// The process that was started as spawntrace, as its child, the tracer, sees it.
///
/// The caller waits for this process, signals it and stops it in the command's place.
package final class Front {
  private let socket: OwnedDescriptor
  private let process: ProcessID
  /// Whether the front was last informed that the command has stopped.
  private var isStopped = false
  /// Of how many of the command's stops the front was informed.
  package private(set) var stopCount: Int32 = 0

  /// A signal that has reached the front.
  package struct Signal: Hashable, Sendable {
    package let number: Int32
    /// The process that sent it; nil if the kernel did: a Ctrl-C in the terminal went to the
    /// program, too.
    package let sender: ProcessID?
    /// The value that was queued with it (sigqueue(3)); nil if it wasn't queued.
    package let value: Int64?
    /// The front's `stopCount` when the signal came.
    package let stopCount: Int32

    fileprivate init(
      number: Int32, sender: ProcessID?, value: Int64? = nil, stopCount: Int32
    ) {
      self.number = number
      self.sender = sender
      self.value = value
      self.stopCount = stopCount
    }

    /// Sends the same signal to another process; one that is gone is no error.
    ///
    /// The corresponding C calls are `kill` and `sigqueue`.
    package func forward(to process: ProcessID) {
      if let value {
        _ = spawntrace_queue(process.rawValue, number, value)
      } else {
        send(number, to: process)
      }
    }
  }

  package enum Message: Hashable, Sendable {
    case signal(Signal)
    /// The front was killed: no process waits for the run any more.
    case gone
  }

  /// Makes this process the front, and returns in a child of it, which is to trace. To be called
  /// while the process has one thread.
  ///
  /// The corresponding C calls are `socketpair` and `fork`.
  package static func split() throws(SystemCallError) -> Front {
    let socket = spawntrace_split()
    if socket < 0 { throw SystemCallError("fork", Errno(rawValue: -socket)) }
    return Front(OwnedDescriptor(socket), process: ProcessID(rawValue: getppid()))
  }

  private init(_ socket: consuming OwnedDescriptor, process: ProcessID) {
    self.socket = socket
    self.process = process
  }

  package var rawDescriptor: Int32 {
    socket.rawValue
  }

  /// Whether a process is in the front's process group, which a terminal or a caller may signal as a
  /// whole.
  ///
  /// The corresponding C call is `getpgid`.
  package func isInGroup(of other: ProcessID) -> Bool {
    getpgid(other.rawValue) == getpgid(process.rawValue)
  }

  /// Whether a signal has been sent to the front that it has not passed on yet.
  package func isPending(_ signal: Int32) -> Bool {
    StatusFields(of: process)?.isPending(signal) == true
  }

  /// Whether the front has a terminal, whose Ctrl-C it gets.
  package var hasTerminal: Bool {
    ProcessFolder(process).terminal != 0
  }

  /// Receives the next message; nil if there is none now.
  package func nextMessage() -> Message? {
    var message = spawntrace_front_message()
    switch spawntrace_front_receive(socket.rawValue, &message) {
    case 0: return nil
    case 1:
      if Self.endSignals.contains(message.number) {
        sendMessage(spawntrace_front_received, message.number)
      }
      return .signal(
        Signal(
          number: message.number,
          sender: message.sender == 0 ? nil : ProcessID(rawValue: message.sender),
          value: message.is_queued == 0 ? nil : message.value, stopCount: message.stops))
    default: return .gone
    }
  }

  /// A signal that was sent to the tracer, as if it had reached the front.
  package func signal(_ request: StopSignal.EndRequest) -> Signal {
    Signal(number: request.signal, sender: request.sender, stopCount: stopCount)
  }

  /// Gives the front a copy of the listener. While it holds that, no call fails because the tracer
  /// is gone.
  package func hold(_ listener: NotificationListener) {
    sendMessage(spawntrace_front_listener, 0, descriptor: listener.rawDescriptor)
  }

  /// Stops the front: a signal of job control has stopped the command.
  package func stop(by signal: Int32) {
    isStopped = true
    stopCount += 1
    sendMessage(spawntrace_front_stopped, signal)
  }

  /// Continues the front if it was stopped: the command runs again.
  package func resume() {
    guard isStopped else { return }
    isStopped = false
    continueProcess()
  }

  private func continueProcess() {
    // A front that has not stopped yet finds SIGCONT pending, and does not stop.
    send(SIGCONT, to: process)
  }

  /// Continues a front that something has stopped, and not the tracer, if it was asked to end: it
  /// can't pass that on.
  ///
  /// The corresponding C call is `kill`.
  package func continueToEnd() {
    guard !isStopped, ThreadFolder(process.firstThread, of: process).state == .stopped,
      let fields = StatusFields(of: process),
      Self.endSignals.contains(where: fields.isPending)
    else { return }
    continueProcess()
  }

  /// Signals that ask for the run's end.
  package static let endSignals = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]

  /// How the front ends.
  package enum Ending: Hashable, Sendable {
    case status(Int32)
    /// It dies of the signal, without a core file of its own.
    case signal(Int32)
  }

  /// Ends the front: at once if the tracer is `staying`, else when the tracer has ended, too.
  package func end(_ ending: Ending, staying: Bool = false) {
    switch ending {
    case .status(let status): sendMessage(spawntrace_front_status, status, staying: staying)
    case .signal(let signal): sendMessage(spawntrace_front_death, signal, staying: staying)
    }
    isStopped = false
    // Something else than the tracer may have stopped it.
    continueProcess()
  }

  private func sendMessage(
    _ kind: spawntrace_front_message_kind, _ number: Int32, staying: Bool = false,
    descriptor: Int32 = -1
  ) {
    var message = spawntrace_front_message()
    message.kind = Int32(kind.rawValue)
    message.number = number
    message.stays = staying ? 1 : 0
    spawntrace_front_send(socket.rawValue, &message, descriptor)
  }
}

/// Points standard input and output to /dev/null, so that a pipe breaks when the program's end of
/// it is closed.
///
/// The corresponding C call is `dup2`.
package func releaseStandardDescriptors() {
  spawntrace_release_standard()
}

/// Leaves the caller's terminal, session and working directory.
///
/// The corresponding C calls are `dup2`, `setsid` and `chdir`.
package func detachFromCaller() {
  spawntrace_detach()
}
