package import CSpawnTrace
internal import SystemPackage

/// The signals that reach spawntrace itself, taken from a descriptor.
package struct SignalSource: ~Copyable {
  private let descriptor: OwnedDescriptor
  /// What this process was given, and the program is to inherit.
  package let inherited: InheritedSignals

  package struct InheritedSignals: Sendable {
    package var mask: sigset_t
    package var childAction: sigaction
  }

  package struct Arrival: Hashable, Sendable {
    package let signal: Int32
    /// nil where the kernel sent it: a Ctrl-C in the terminal went to the program, too.
    package let sender: Int32?
  }

  /// Blocks the signals that are heard, and opens the descriptor.
  ///
  /// The corresponding C calls are `sigprocmask` and `signalfd`.
  package init() throws(SystemCallError) {
    var mask = sigset_t()
    var childAction = sigaction()
    let descriptor = spawntrace_signals_open(&mask, &childAction)
    if descriptor < 0 { throw SystemCallError("signalfd", Errno(rawValue: -descriptor)) }
    self.descriptor = OwnedDescriptor(descriptor)
    self.inherited = InheritedSignals(mask: mask, childAction: childAction)
  }

  package var rawDescriptor: Int32 {
    descriptor.rawValue
  }

  /// The next signal; nil where none is left. SIGCHLD only says that there is something to wait for.
  package func next() -> Arrival? {
    var signal = spawntrace_signal()
    guard spawntrace_signals_next(descriptor.rawValue, &signal) else { return nil }
    return Arrival(signal: signal.number, sender: signal.sender == 0 ? nil : signal.sender)
  }
}

/// Sends a signal to a process; a process that is gone is no error.
///
/// The corresponding C call is `kill`.
package func send(_ signal: Int32, to process: Int32) {
  _ = spawntrace_kill(process, signal)
}

/// Ends this process by `signal`, as the program ended that it stands for.
package func dieOf(_ signal: Int32) {
  spawntrace_die_of(signal)
}
