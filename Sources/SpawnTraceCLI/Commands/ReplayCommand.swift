internal import Analysis
internal import ArgumentParser

/// `spawntrace replay`: the report of a recorded run.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Report on a recorded run.",
    discussion: """
      FILE is what run --record wrote, as it is or compressed with gzip or zstd; - is standard input. \
      The report is the one that the run gave, on standard error.

      EXAMPLES
        spawntrace replay run.sptrace.jsonl
        spawntrace replay --json report.json run.sptrace.jsonl.zst
        spawntrace replay --follow run.sptrace.jsonl

      EXIT STATUS
        0   no finding of severity error
        1   a finding of severity error
        2   FILE can't be read or is no recording
      """)

  @OptionGroup var reporting: ReportOptions

  @Flag(help: "Wait for more until the recorded run has ended, and tell what it proves meanwhile.")
  var follow = false

  @Option(help: .hidden)
  var evidence: RunCommand.EvidenceChoice?

  @Argument(help: ArgumentHelp("The recording.", valueName: "file"))
  var file: String

  /// Reads the recording and ends this process as the contract says.
  func perform() -> Never {
    ReplaySession(self).replayToTheEnd()
  }
}
