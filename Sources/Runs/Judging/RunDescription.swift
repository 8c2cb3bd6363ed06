package import Analysis

/// What is known of a run besides its events.
package struct RunDescription: Hashable, Sendable {
  package var source: RunReport.Source
  /// Without secrets.
  package var command: [String]
  package var workingDirectory: String
  /// The checkout that the run works on; nil if nothing tells it.
  package var checkout: String?
  /// When the run began, in UTC (RFC 3339); nil if nothing tells it.
  package var began: String?
  /// When the run began, in nanoseconds of the machine's monotonic clock.
  package var monotonicStart: UInt64?
  package var limitations: [Limitation] = []

  package init(
    source: RunReport.Source, command: [String] = [], workingDirectory: String = "",
    monotonicStart: UInt64? = nil, limitations: [Limitation] = []
  ) {
    self.source = source
    self.command = command
    self.workingDirectory = workingDirectory
    self.monotonicStart = monotonicStart
    self.limitations = limitations
  }
}
