package import CSpawnTrace
internal import SystemPackage
package import TraceModel

/// SIGCHLD, which announces that a tracee has stopped or ended, and signals to this process itself
/// that ask for the run's end, as a descriptor. Signals to spawntrace go to the front as a rule.
///
/// Once a second a timer makes the descriptor ready. That continues this process if something has
/// stopped it.
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

  /// A signal to this process itself that asks for the run's end.
  package struct EndRequest: Hashable, Sendable {
    package let signal: Int32
    /// The process that sent it; nil if the kernel did.
    package let sender: ProcessID?
  }

  /// Removes the pending signals, of which a SIGCHLD may stand for many stops. Returns the one that
  /// asks for the run's end, if there is one.
  package func drain() -> EndRequest? {
    let request = spawntrace_signals_drain(descriptor.rawValue)
    guard request.signal != 0 else { return nil }
    return EndRequest(
      signal: request.signal,
      sender: request.sender == 0 ? nil : ProcessID(rawValue: request.sender))
  }

  /// Reports SIGINT, SIGHUP and SIGQUIT as SIGTERM from now on: the front is gone.
  ///
  /// The corresponding C call is `signalfd`.
  package func readAllEnds() {
    spawntrace_signals_read_all_ends(descriptor.rawValue)
  }
}

/// Sends a signal to a process; a process that is gone is no error.
///
/// The corresponding C call is `kill`.
package func send(_ signal: Int32, to process: ProcessID) {
  _ = spawntrace_kill(process.rawValue, signal)
}
