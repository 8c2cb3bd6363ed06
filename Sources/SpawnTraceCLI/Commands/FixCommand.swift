internal import ArgumentParser
internal import Runs

/// `spawntrace fix`: a command that is run, and run again with the edit that a finding proposes.
struct FixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fix",
    abstract: "Run COMMAND, make the edit that a finding proposes, and run it again.",
    discussion: """
      The second run alone sees the edited text: no file is touched, and nothing is written, unless \
      you say --apply or --write. If the second run shows another fault, its edit is made, too, up \
      to five times. The diff goes to standard error; git apply takes it. COMMAND runs at least \
      twice, so don't use this where that does harm. What it leaves running is ended.

      EXAMPLES
        spawntrace fix -- python runtest.py
        spawntrace fix --apply -- python runtest.py
        spawntrace fix --write guard.diff -- ./run-tests.sh
        git apply guard.diff

      EXIT STATUS
        the last run's own  if nothing was found in it, so 0 if the edit helps
        112                 a finding of severity error remains, or no edit is known
        124                 the time that --timeout gave has passed
        125                 spawntrace itself failed, or its options are wrong
        126, 127            the command can't be executed, or wasn't found
      """)

  @Option(
    help: ArgumentHelp(
      "Write the diff to FILE, for git apply; - is standard output.", valueName: "file"))
  var write: String?

  @Flag(help: "If the edit helps, ask on the terminal, and edit the files.")
  var apply = false

  @Flag(name: .shortAndLong, help: "Don't ask; with --apply.")
  var yes = false

  @OptionGroup var options: RunOptions

  func validate() throws {
    if yes, !apply { throw ValidationError("--yes is the answer to --apply, which is missing") }
    try options.validateCommand(of: self)
  }

  var settings: FixSettings {
    FixSettings(run: options.settings, write: write, applies: apply, isAgreed: yes)
  }
}
