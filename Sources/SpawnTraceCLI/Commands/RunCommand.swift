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

  private static let usual = RunSettings(command: [])

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
  var onCycle = usual.onCycle

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
  var wait = usual.wait

  @Flag(help: "End what the command leaves running when it ends; otherwise it is left alone.")
  var killSurvivors = usual.killSurvivors

  @Option(
    help: ArgumentHelp("The status for a finding of severity error.", valueName: "n"))
  var findingStatus: Int32 = usual.findingStatus

  @Option(
    help: ArgumentHelp(
      "Which calls are looked at: those that a rule can use, or all, each with its Python stack.",
      valueName: "needed|all"))
  var capture = usual.capture

  @Option(help: .hidden)
  var mechanism = usual.mechanism

  @Option(help: .hidden)
  var watch = usual.watch

  @Option(help: .hidden)
  var evidence = usual.evidence

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

    var filtering: FilterPolicy {
      FilterPolicy(rawValue: rawValue) ?? .workers
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

  var settings: RunSettings {
    RunSettings(
      command: command, onCycle: onCycle, timeout: timeout, record: record,
      limits: limits.limits(), reporting: reporting.settings, wait: wait,
      killSurvivors: killSurvivors, findingStatus: findingStatus, capture: capture,
      mechanism: mechanism, watch: watch, evidence: evidence)
  }
}
