package import TraceModel

/// The first line of a recording: which run it is.
package struct RecordingHeader: Hashable, Sendable {
  /// The version of spawntrace that wrote it.
  package var tool: String
  /// Another one for each run.
  package var run: String
  /// When the run began, in UTC (RFC 3339).
  package var began: String
  /// The same moment by the machine's monotonic clock, in nanoseconds.
  package var monotonicStart: UInt64?
  package var host: String
  /// The kernel's release, as `uname(2)` gives it.
  package var kernel: String
  package var architecture: String
  package var processorCount: Int
  /// Secrets are redacted.
  package var command: [String]
  package var workingDirectory: String
  /// The allowed part of the environment.
  package var environment: [String: String]
  package var options: Options
  /// What could not be seen and why, each a sentence without its full stop.
  package var limitations: [String]

  /// What the analysis was told.
  package struct Options: Hashable, Sendable {
    /// Older recordings have no limit of processes, and the usual values of the others.
    package var limits: Limits
    /// What is believed of a start: `stacks`, `calls`, `all`.
    package var evidence: String
    /// How long the run may take, in nanoseconds.
    package var timeout: UInt64?
    /// `needed` or `all`.
    package var capture: String
    /// `notify`, `trace` or `events`.
    package var mechanism: String

    package init(
      limits: Limits, evidence: String, timeout: UInt64?, capture: String, mechanism: String
    ) {
      self.limits = limits
      self.evidence = evidence
      self.timeout = timeout
      self.capture = capture
      self.mechanism = mechanism
    }
  }

  package init(
    tool: String, run: String, began: String, monotonicStart: UInt64?, host: String,
    kernel: String, architecture: String, processorCount: Int, command: [String],
    workingDirectory: String, environment: [String: String], options: Options,
    limitations: [String]
  ) {
    self.tool = tool
    self.run = run
    self.began = began
    self.monotonicStart = monotonicStart
    self.host = host
    self.kernel = kernel
    self.architecture = architecture
    self.processorCount = processorCount
    self.command = command
    self.workingDirectory = workingDirectory
    self.environment = environment
    self.options = options
    self.limitations = limitations
  }
}
