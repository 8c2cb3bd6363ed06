package import Analysis
package import TraceModel

/// One of the two runs that are compared.
package struct ComparedRun {
  package let report: RunReport
  /// The environment in which the run began; nil if nothing tells it, as in a log of strace.
  package let environment: RunEnvironment?
  /// Whether spawntrace ended it: then what comes later in the other run is not missing in it.
  package let isStopped: Bool
  /// How long it was given, in nanoseconds, if that time passed.
  package let passedDeadline: UInt64?

  package init(
    _ report: RunReport, environment: RunEnvironment? = nil, isStopped: Bool = false,
    passedDeadline: UInt64? = nil
  ) {
    self.report = report
    self.environment = environment
    self.isStopped = isStopped
    self.passedDeadline = passedDeadline
  }

  /// Whether its end was seen, and came by itself.
  var isWhole: Bool { !isStopped && passedDeadline == nil && !report.isTruncated }
}
