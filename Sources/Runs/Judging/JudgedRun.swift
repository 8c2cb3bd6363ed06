package import Analysis
package import TraceModel

/// A run that is over.
package struct JudgedRun: Hashable, Sendable {
  package var report: RunReport
  /// How spawntrace itself ended when the run was recorded; nil if that isn't known, as in a live
  /// run.
  package var ending: Termination?
  /// Whether spawntrace ended the tree.
  package var isStopped: Bool
  /// How long the run was given, in nanoseconds, if that time has passed.
  package var passedDeadline: UInt64?
  /// The signal that asked for the run's end, if the tree was surveyed because of it.
  package var endingSignal: Int32?
  /// Whether there is a finding of severity error, not counting what the survey found: at that time
  /// the run was being ended anyway.
  package var hasErrors: Bool
}
