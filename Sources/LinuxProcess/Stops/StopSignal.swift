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
    let opened = spawntrace_signals_open()
    if opened.descriptor < 0 {
      throw SystemCallError("signalfd", Errno(rawValue: -opened.descriptor))
    }
    descriptor = OwnedDescriptor(opened.descriptor)
    inherited = InheritedSignals(mask: opened.mask, childAction: opened.child_action)
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
