internal import Analysis
internal import ArgumentParser
internal import LinuxProcess
internal import Runs
internal import Tracer

/// The options of the commands that run something, and the command itself.
struct RunOptions: ParsableArguments {
  private static let usual = RunSettings(command: [])

  @Option(
    help: ArgumentHelp(
      "What to do at the first proof of an error: stop ends the whole tree, report lets it run.",
      valueName: "stop|report"))
  var onCycle = usual.live.onCycle

  @Option(
    help: ArgumentHelp(
      """
      After SECONDS report what every process waits for, end the tree, and exit with 124.
      """, valueName: "seconds"))
  var timeout: Double?

  @Option(
    help: ArgumentHelp("Record the run in FILE, for spawntrace replay.", valueName: "file"))
  var record: String?

  @Flag(
    help: """
      Keep all arguments in recordings and reports, without secrets that are recognised as such.
      """)
  var recordArguments = false

  @OptionGroup var limits: LimitOptions
  @OptionGroup var reporting: ReportOptions

  @Flag(help: "Trace what the command leaves running when it ends, until that has ended, too.")
  var wait = false

  @Flag(help: "End what the command leaves running when it ends; without it, that lives on.")
  var killSurvivors = false

  @Option(
    help: ArgumentHelp("The exit status for a finding of severity error.", valueName: "n"))
  var findingStatus: Int32 = usual.findingStatus

  @Option(
    help: ArgumentHelp(
      """
      Which system calls to examine: those that a rule can use, or all, each with its Python stack.
      """, valueName: "needed|all"))
  var capture = usual.live.capture

  @Option(help: .hidden)
  var mechanism = usual.live.mechanism

  @Option(help: .hidden)
  var watch = usual.live.filtering

  @Option(help: .hidden)
  var evidence = usual.live.evidence

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The command and its arguments.", valueName: "command"))
  var words: [String] = []

  /// The command without the `--` that may stand in front of it.
  var command: [String] {
    words.first == "--" ? Array(words.dropFirst()) : words
  }

  /// To be called by the command that has them: only its help has all options.
  func validateCommand(of owner: some ParsableCommand) throws {
    if let option = words.first, option.hasPrefix("-"), option != "--" {
      // `captureForPassthrough` takes an unknown option for the command's name.
      if option == "--help" || option == "-h" { throw CleanExit.helpRequest(owner) }
      throw ValidationError(
        "unknown option \(option)" + Self.suggestion(for: option, of: type(of: owner)))
    }
    guard !command.isEmpty else {
      throw ValidationError("there is no command to run")
    }
    if let timeout, !(timeout > 0 && timeout <= 1e9) {
      throw ValidationError("--timeout must be a number of seconds above 0")
    }
    if wait, killSurvivors {
      throw ValidationError("--wait and --kill-survivors exclude each other")
    }
    guard (0...255).contains(findingStatus) else {
      throw ValidationError("--finding-status must be an exit status, 0 to 255")
    }
  }

  private static func suggestion(
    for option: String, of command: any ParsableCommand.Type
  ) -> String {
    let name = String(option.prefix { $0 != "=" })
    let known = command.helpMessage(columns: 200).split { " ,\n".contains($0) }.map(String.init)
      .filter { $0.hasPrefix("--") && $0.count > 3 }
    return Suggestion.nearest(to: name, in: known).map { "; did you mean \($0)?" } ?? ""
  }

  var settings: RunSettings {
    var settings = RunSettings(command: command)
    settings.live.onCycle = onCycle
    settings.live.timeout = timeout.map { .nanoseconds(Int64($0 * 1e9)) }
    settings.live.limits = limits.limits()
    settings.live.survivors = wait ? .wait : killSurvivors ? .end : .leave
    settings.live.capture = capture
    settings.live.mechanism = mechanism
    settings.live.filtering = watch
    settings.live.evidence = evidence
    settings.live.recordsArguments = recordArguments
    settings.record = record
    settings.reporting = reporting.settings
    settings.findingStatus = findingStatus
    return settings
  }
}
