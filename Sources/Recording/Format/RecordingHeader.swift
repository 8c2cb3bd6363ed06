package import TraceModel

/// The first line of a recording, which identifies the run.
package struct RecordingHeader: Hashable, Sendable {
  /// The version of spawntrace that wrote it.
  package var tool: String
  /// A random name of the run.
  package var run: String
  /// When the run began, in UTC (RFC 3339).
  package var began: String
  /// The same moment by the machine's monotonic clock, in nanoseconds; nil in old recordings.
  package var monotonicStart: UInt64?
  package var host: String
  /// The kernel's release, as `uname(2)` gives it.
  package var kernel: String
  package var architecture: String
  package var processorCount: Int
  /// Hidden arguments are `HiddenArgument`s.
  package var command: [String]
  package var workingDirectory: String
  /// The checkout that the run worked on; nil if nothing told it.
  package var checkout: String?
  package var environment: RunEnvironment
  package var options: Options
  /// What the run could not see and why, each a sentence without its full stop.
  package var limitations: [String]

  /// The options that the analysis had.
  package struct Options: Hashable, Sendable {
    /// Older recordings have no limit of processes, and the usual values of the others.
    package var limits: Limits
    /// The evidence of starts that counts: `stacks`, `calls` or `all`.
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
    workingDirectory: String, checkout: String? = nil, environment: RunEnvironment,
    options: Options, limitations: [String]
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
    self.checkout = checkout
    self.environment = environment
    self.options = options
    self.limitations = limitations
  }
}
