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
  /// Secrets are redacted.
  package var command: [String]
  package var workingDirectory: String
  /// The variables that may be kept (`Redactor.isKept`).
  package var environment: [String: String]
  package var options: Options
  /// What the run could not see and why, each a sentence without its full stop.
  package var limitations: [String]

  /// The options that the analysis had.
  package struct Options: Hashable, Sendable {
    /// How many processes may live at once.
    package var processLimit: Int
    /// How deep workers may start workers, which generation of dead workers proves a loop, how often a
    /// script may come back; nil if the recording is older than these options.
    package var nestingLimit: Int?
    package var generationLimit: Int?
    package var repeatLimit: Int?
    /// The evidence of starts that counts: `stacks`, `calls` or `all`.
    package var evidence: String
    /// How long the run may take, in nanoseconds.
    package var timeout: UInt64?
    /// `needed` or `all`.
    package var capture: String
    /// `notify`, `trace` or `events`.
    package var mechanism: String

    package init(
      processLimit: Int, nestingLimit: Int? = nil, generationLimit: Int? = nil,
      repeatLimit: Int? = nil, evidence: String, timeout: UInt64?, capture: String,
      mechanism: String
    ) {
      self.processLimit = processLimit
      self.nestingLimit = nestingLimit
      self.generationLimit = generationLimit
      self.repeatLimit = repeatLimit
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
