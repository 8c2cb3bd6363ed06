internal import Analysis
internal import ArgumentParser
internal import LinuxProcess
internal import Tracer

/// `spawntrace run`: a command under the tracer, with its report while it runs.
struct RunCommand: ParsableCommand {
  enum OnCycle: String, ExpressibleByArgument, CaseIterable {
    case stop
    case report
  }

  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run COMMAND under the tracer; the default command.",
    discussion: """
      COMMAND's input, output, signals, terminal and status are its own. The report goes to \
      standard error.

      EXAMPLES
        spawntrace -- python runtest.py
        spawntrace run --on-cycle=report -- python -m pytest
        spawntrace run --timeout 600 -- python -m pytest
        spawntrace run --record run.sptrace.jsonl -- ./run-tests.sh
        spawntrace --json report.json --report none -- ./run-tests.sh
      """)

  @Option(
    help: ArgumentHelp(
      "What to do at the first proof of an error: stop ends the whole tree, report lets it run.",
      valueName: "stop|report"))
  var onCycle = OnCycle.stop

  @Option(
    help: ArgumentHelp(
      "After SECONDS say where every process waits, end the tree, and end with 124.",
      valueName: "seconds"))
  var timeout: Double?

  @Option(
    help: ArgumentHelp(
      "Keep what happens in FILE, for spawntrace replay.", valueName: "file"))
  var record: String?

  @OptionGroup var limits: LimitOptions
  @OptionGroup var reporting: ReportOptions

  @Flag(help: "Trace what the command leaves running when it ends, until that ends, too.")
  var wait = false

  @Flag(help: "End what the command leaves running when it ends; otherwise it is left alone.")
  var killSurvivors = false

  @Option(
    help: ArgumentHelp("The status for a finding of severity error.", valueName: "n"))
  var findingStatus: Int32 = ExitStatus.finding

  @Option(
    help: ArgumentHelp(
      "Which calls are looked at: those that a rule can use, or all, each with its Python stack.",
      valueName: "needed|all"))
  var capture = CaptureChoice.needed

  @Option(help: .hidden)
  var mechanism = MechanismChoice.notify

  @Option(help: .hidden)
  var watch = WatchChoice.workers

  @Option(help: .hidden)
  var evidence = EvidenceChoice.all

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The command and its arguments.", valueName: "command"))
  var words: [String] = []

  enum MechanismChoice: String, ExpressibleByArgument, CaseIterable {
    case notify
    case trace
    case events

    var mechanism: Mechanism {
      Mechanism(rawValue: rawValue) ?? .notify
    }
  }

  /// Whose system calls are looked at: for tests of the ways in which they are.
  enum WatchChoice: String, ExpressibleByArgument, CaseIterable {
    case workers
    case all

    var watching: Watching {
      Watching(rawValue: rawValue) ?? .workers
    }
  }

  enum CaptureChoice: String, ExpressibleByArgument, CaseIterable {
    case needed
    case all
  }

  /// What is believed of a start: the stack's rule and the system calls' rule can each be switched off.
  enum EvidenceChoice: String, ExpressibleByArgument, CaseIterable {
    case stacks
    case calls
    case all

    var evidence: ReexecCycle.Evidence {
      switch self {
      case .stacks: .stacks
      case .calls: .systemCalls
      case .all: .all
      }
    }
  }

  /// What the tracer reads.
  var tracerCapture: Capture {
    switch (evidence, capture) {
    case (.calls, _): .withoutStacks
    case (_, .all): .all
    case (_, .needed): .needed
    }
  }

  /// The command without the `--` that may stand in front of it.
  var command: [String] {
    words.first == "--" ? Array(words.dropFirst()) : words
  }

  func validate() throws {
    if let option = words.first, option.hasPrefix("-"), option != "--" {
      // Taken for the command's by `captureForPassthrough`.
      if option == "--help" || option == "-h" { throw CleanExit.helpRequest(self) }
      throw ValidationError("unknown option \(option)")
    }
    guard !command.isEmpty else {
      throw ValidationError("there is no command to run")
    }
    if let timeout, !(timeout > 0 && timeout <= 1e9) {
      throw ValidationError("--timeout must be a number of seconds above 0")
    }
    if wait, killSurvivors {
      throw ValidationError("--wait and --kill-survivors can't both be had")
    }
    guard (0...255).contains(findingStatus) else {
      throw ValidationError("--finding-status must be a status, 0 to 255")
    }
  }

  /// Runs the command and ends this process as the contract says.
  func perform() -> Never {
    RunSession(self).runToTheEnd()
  }
}
