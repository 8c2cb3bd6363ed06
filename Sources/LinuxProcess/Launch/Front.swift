internal import CSpawnTrace
internal import Glibc
internal import SystemPackage

/// The process that was started as spawntrace, as its child, the tracer, sees it.
///
/// Whoever started it waits for it, signals it and stops it in the command's place.
package final class Front {
  private let socket: OwnedDescriptor
  private let process: Int32
  /// Whether it was told that the command has stopped, and not that it goes on.
  private var isStopped = false
  /// How many of the command's stops it was told of.
  package private(set) var stops: Int32 = 0

  /// A signal that has reached it.
  package struct Arrival: Hashable, Sendable {
    package let signal: Int32
    /// nil where the kernel sent it: a Ctrl-C in the terminal went to the program, too.
    package let sender: Int32?
    /// What came with it, where it was queued (sigqueue(3)).
    package let value: Int64?
    /// How many of the command's stops the front had been told of when it came.
    package let stops: Int32

    /// Sends the same to another process; one that is gone is no error.
    ///
    /// The corresponding C calls are `kill` and `sigqueue`.
    package func send(to process: Int32) {
      if let value {
        _ = spawntrace_queue(process, signal, value)
      } else {
        LinuxProcess.send(signal, to: process)
      }
    }
  }

  package enum Message: Hashable, Sendable {
    case signal(Arrival)
    /// Somebody has killed it: nobody waits for the run any more.
    case gone
  }

  /// Makes this process the front, and returns in a child of it, which is to trace. To be called while
  /// the process has one thread.
  ///
  /// The corresponding C calls are `socketpair` and `fork`.
  package static func split() throws(SystemCallError) -> Front {
    let socket = spawntrace_split()
    if socket < 0 { throw SystemCallError("fork", Errno(rawValue: -socket)) }
    return Front(OwnedDescriptor(socket), process: getppid())
  }

  private init(_ socket: consuming OwnedDescriptor, process: Int32) {
    self.socket = socket
    self.process = process
  }

  package var rawDescriptor: Int32 {
    socket.rawValue
  }

  /// What it has to say; nil where that is nothing now.
  package func next() -> Message? {
    var word = spawntrace_word()
    switch spawntrace_front_hear(socket.rawValue, &word) {
    case 0: return nil
    case 1:
      return .signal(
        Arrival(
          signal: word.number, sender: word.sender == 0 ? nil : word.sender,
          value: word.is_queued == 0 ? nil : word.value, stops: word.stops))
    default: return .gone
    }
  }

  /// Gives it a copy of the listener: while it holds that, no call fails because the tracer is gone.
  package func keep(_ listener: NotificationListener) {
    tell(spawntrace_word_listener, 0, descriptor: listener.rawDescriptor)
  }

  /// The command is stopped by a signal of job control, and so is to be the front.
  package func stop(by signal: Int32) {
    isStopped = true
    stops += 1
    tell(spawntrace_word_stopped, signal)
  }

  /// The command goes on, by whomever it was continued.
  package func goOn() {
    guard isStopped else { return }
    isStopped = false
    // One that has not stopped yet finds it pending, and does not stop.
    send(SIGCONT, to: process)
  }

  /// How the front ends.
  package enum Ending: Hashable, Sendable {
    case status(Int32)
    /// It dies of the signal, without a core file of its own.
    case signal(Int32)
  }

  /// Ends it; where `staying`, at once, else when the tracer has ended, too.
  package func end(_ ending: Ending, staying: Bool = false) {
    switch ending {
    case .status(let status): tell(spawntrace_word_status, status, staying: staying)
    case .signal(let signal): tell(spawntrace_word_death, signal, staying: staying)
    }
    goOn()
  }

  private func tell(
    _ kind: spawntrace_word_kind, _ number: Int32, staying: Bool = false, descriptor: Int32 = -1
  ) {
    var word = spawntrace_word()
    word.kind = Int32(kind.rawValue)
    word.number = number
    word.stays = staying ? 1 : 0
    spawntrace_front_tell(socket.rawValue, &word, descriptor)
  }
}

/// Lets go of what this process shares with the program: standard input and output lead nowhere from now
/// on, so that a pipe breaks when the program's end of it is closed.
///
/// The corresponding C call is `dup2`.
package func releaseStandardDescriptors() {
  spawntrace_release_standard()
}

/// Leaves the terminal, the session and the working directory of whoever started this process.
///
/// The corresponding C calls are `dup2`, `setsid` and `chdir`.
package func detachFromCaller() {
  spawntrace_detach()
}
