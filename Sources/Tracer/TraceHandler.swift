package import TraceModel

/// The receiver of a run's events, which decides what becomes of the traced tree: the tracer only
/// records.
///
/// The thread concerned is held during each call: the tree waits as long as the call takes.
package protocol TraceHandler: AnyObject {
  /// Receives an event.
  func observe(_ event: Event) -> Directive

  /// A signal reached spawntrace itself. `sender` is nil if the kernel sent it, as for a Ctrl-C,
  /// which the program has got, too. `unanswered` counts the Ctrl-Cs that came close together, this
  /// one included, and that the program hasn't answered: it neither ended nor moved.
  func interrupted(
    by signal: Int32, sender: ProcessID?, unanswered: Int, rootIsAlive: Bool
  ) -> Interruption

  /// A fault of the tracer has left a thread in a stop; it runs on now.
  func resumedStuckThread(_ thread: ThreadID, of process: ProcessID)

  /// A process has ended, and by a fault of the tracer it isn't known when or how.
  func lost(_ process: ProcessID)

  /// The command has ended some time ago, and these processes that it left running have not.
  /// Decides what becomes of them.
  func outlived(by processes: [ProcessID]) -> Survivors
}

/// The fate of processes that live on when the command has ended.
package enum Survivors: Hashable, Sendable {
  /// They are traced until they end.
  case wait
  /// The run is over. They live on, and are not examined any more.
  case leave
  case end
}

/// The handler's answer to an event.
package enum Directive: Hashable, Sendable {
  case proceed
  /// End every process of the tree.
  case endTree
  /// Send this signal to the command, and end every process of the tree that lives on after a grace
  /// period.
  case endCommand(signal: Int32)
}

/// The handler's answer to a signal to spawntrace.
package enum Interruption: Hashable, Sendable {
  case ignore
  /// Send it to the command.
  case passOn
  /// Survey every thread first. `observe` receives the survey's events and decides at its end. If
  /// there was a survey before, end the tree.
  case survey
  case endTree
}
