internal import ArgumentParser

/// `spawntrace run`: a command under the tracer, with its report while it runs.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run COMMAND under the tracer; the default command.",
    discussion: """
      COMMAND keeps its own input, output, signals, terminal and status. The report goes to \
      standard error.

      EXAMPLES
        spawntrace -- python runtest.py
        spawntrace run --on-cycle=report -- python -m pytest
        spawntrace run --timeout 600 -- python -m pytest
        spawntrace run --record run.sptrace.jsonl -- ./run-tests.sh
        spawntrace --json report.json --report none -- ./run-tests.sh

      EXIT STATUS
        the command's own   if nothing was found; a signal that ended it, too
        112                 a finding of severity error (--finding-status changes it)
        124                 the time that --timeout gave has passed
        125                 spawntrace itself failed, or its options are wrong
        126, 127            the command can't be executed, or wasn't found
      """)

  @OptionGroup var options: RunOptions

  @Flag(help: "If a finding has an edit, run the command again with it; no file is touched.")
  var tryFix = false

  @OptionGroup var fixFile: FixFileOption

  func validate() throws {
    try options.validateCommand(of: self)
  }

  var settings: RunSettings {
    var settings = options.settings
    settings.triesFix = tryFix
    settings.fixFile = fixFile.writeFix
    return settings
  }
}
