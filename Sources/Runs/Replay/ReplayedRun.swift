package import Analysis

/// A run whose events are read instead of traced.
package protocol ReplayedRun: AnyObject {
  /// Reads all events, judges them, and returns the run.
  func judged() throws(ReplayError) -> ReplayedResult
}

/// A run that was read and judged.
package struct ReplayedResult: Hashable, Sendable {
  package var run: JudgedRun
  /// What is wrong with the file. The report has it, too, behind the run's own limitations.
  package var inputLimitations: [Limitation]

  /// Adds what is wrong with the file to the report.
  init(_ run: JudgedRun, inputLimitations: [Limitation]) {
    self.run = run
    self.inputLimitations = inputLimitations
    self.run.report.limitations += inputLimitations
  }
}
