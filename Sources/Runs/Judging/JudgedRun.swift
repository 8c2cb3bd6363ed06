package import Analysis
package import TraceModel

/// A run that is over.
package struct JudgedRun: Hashable, Sendable {
  package var report: RunReport
  /// How spawntrace itself ended when the run was recorded; nil if that isn't known, as in a live
  /// run.
  package var ending: Termination?
  /// The environment in which the run began; nil if nothing tells it.
  package var environment: RunEnvironment?
  /// Whether spawntrace ended the tree.
  package var isStopped: Bool
  /// Whether it ended a resource tracker with semaphores, which warns of them and removes them.
  package var endsTracker = false
  /// How long the run was given, in nanoseconds, if that time has passed.
  package var passedDeadline: UInt64?
  /// The signal that asked for the run's end, if the tree was surveyed because of it.
  package var endingSignal: Int32?
  /// Whether the command died of a Ctrl-C that came while nothing moved. Python up to 3.7 ends with
  /// 1 then, and shells with 130; a program that ends in its own way has answered, and only a
  /// deadlock is worth a word.
  package var hasDiedOfInterrupt: Bool {
    guard report.survey?.cause == .interrupt else { return false }
    switch report.termination {
    case .signal(2), .status(130): return true
    case .status(1):
      if let python = report.processes.first?.python, python < PythonVersion(major: 3, minor: 8) {
        return true
      }
    default: break
    }
    return report.findings.contains { $0.rule == .deadlock }
  }
  /// Whether there is a finding of severity error.
  package var hasErrors: Bool
}
