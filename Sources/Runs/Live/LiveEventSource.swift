package import Analysis
package import LinuxProcess
package import SystemPackage
package import TraceModel

/// What a live run's events come from: a command under the tracer, or a test.
package protocol LiveEventSource: AnyObject {
  /// When the run began, in nanoseconds of the machine's monotonic clock.
  var monotonicStart: UInt64 { get }
  /// How system calls are seen.
  var mechanism: Mechanism { get }
  /// What can't be seen, known from the beginning.
  var limitations: [Limitation] { get }

  /// Sends all events to the handler that the source was made with, up to the end of the run.
  func run() throws(SystemCallError) -> LiveOutcome

  /// Hands the command's ending on to whatever waits for it, and serves processes that live on
  /// until the last one has ended.
  func end(_ ending: Termination) throws(SystemCallError)
}

/// How tracing ended.
package struct LiveOutcome: Hashable, Sendable {
  /// Why the command could not be executed; nil if it was.
  package var executionError: Errno?
  /// Whether the process that stands for the command was killed, and the tree with it.
  package var isAbandoned: Bool

  package init(executionError: Errno? = nil, isAbandoned: Bool = false) {
    self.executionError = executionError
    self.isAbandoned = isAbandoned
  }
}
