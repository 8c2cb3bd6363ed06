package import CSpawnTrace
internal import SystemPackage
package import TraceModel

/// SIGCHLD, which announces that a tracee has stopped or ended, as a descriptor.
package struct StopSignal: ~Copyable {
  private let descriptor: OwnedDescriptor
  /// The settings that this process was started with and that the program is to inherit.
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

  /// Removes the pending signal, which may stand for many stops.
  package func drain() {
    spawntrace_signals_drain(descriptor.rawValue)
  }
}

/// Sends a signal to a process; a process that is gone is no error.
///
/// The corresponding C call is `kill`.
package func send(_ signal: Int32, to process: ProcessID) {
  _ = spawntrace_kill(process.rawValue, signal)
}
