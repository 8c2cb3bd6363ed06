package import TraceModel

/// Whoever decides what becomes of the traced tree: the tracer only records.
///
/// Each call is made while the thread concerned is held; the tree waits as long as it takes.
package protocol TraceHandler: AnyObject {
  /// Something happened.
  func observe(_ event: Event) -> Directive

  /// A signal reached spawntrace itself. `sender` is nil where the kernel sent it, as for a Ctrl-C,
  /// which the program has got, too.
  func interrupted(by signal: Int32, sender: ProcessID?, rootIsAlive: Bool) -> Interruption

  /// A thread stood in a stop that nobody served, by a fault of the tracer's; it goes on now.
  func letGo(_ process: ProcessID, _ thread: ThreadID)

  /// A process has ended, and by a fault of the tracer's it isn't known when or how.
  func lost(_ process: ProcessID)

  /// The command has ended some time ago, and these that it left running have not: says what becomes of
  /// them.
  func outlived(by processes: [ProcessID]) -> Survivors
}

/// What becomes of those that live on when the command has ended.
package enum Survivors: Hashable, Sendable {
  /// They are traced until they end.
  case wait
  /// The run is over; they live on, and nobody looks at them.
  case leave
  case end
}

package enum Directive: Hashable, Sendable {
  case goOn
  /// End every process of the tree.
  case endTree
  /// Send this signal to the command, and end every process of the tree that lives on after a grace.
  case endCommand(signal: Int32)
}

package enum Interruption: Hashable, Sendable {
  case ignore
  /// Send it to the command.
  case passOn
  /// Look at every thread first: `observe` is told, and says at the survey's end what is next. Where
  /// that was done before, end the tree.
  case survey
  case endTree
}
