package import CSpawnTrace
internal import SystemPackage

/// The signal that says that a tracee has something to tell (SIGCHLD), as a descriptor.
package struct StopSignal: ~Copyable {
  private let descriptor: OwnedDescriptor
  /// What this process was given, and the program is to inherit.
  package let inherited: InheritedSignals

  package struct InheritedSignals: Sendable {
    package var mask: sigset_t
    package var childAction: sigaction
  }

  /// Blocks all signals, and opens the descriptor.
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

  /// Takes the signal, which may stand for many stops.
  package func take() {
    spawntrace_signals_take(descriptor.rawValue)
  }
}

/// Sends a signal to a process; a process that is gone is no error.
///
/// The corresponding C call is `kill`.
package func send(_ signal: Int32, to process: Int32) {
  _ = spawntrace_kill(process, signal)
}
