internal import Analysis
internal import ArgumentParser

/// `spawntrace replay`: the report of a recorded run.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Report on a recorded run, or on an strace log.",
    discussion: """
      FILE is what run --record wrote, or what strace wrote: with -f, or the files of one run with -ff, \
      or their folder. It is recognised by its content, as it is or compressed with gzip or zstd; - is \
      standard input. The report is on standard error, and for a recording it is the one that the run gave.

      This log tells all that is needed:
        strace -f -s 4096 -e trace=process,openat,open,write,pipe2,connect,bind,kill -o FILE COMMAND

      EXAMPLES
        spawntrace replay run.sptrace.jsonl
        spawntrace replay --json report.json run.sptrace.jsonl.zst
        spawntrace replay --follow run.sptrace.jsonl
        spawntrace replay run.strace
        spawntrace replay logs/run.strace.*

      EXIT STATUS
        0   no finding of severity error
        1   a finding of severity error
        2   FILE can't be read, or is neither
      """)

  @OptionGroup var limits: LimitOptions
  @OptionGroup var reporting: ReportOptions

  @Flag(help: "Wait for more until the recorded run has ended, and tell what it proves meanwhile.")
  var follow = false

  @Option(help: .hidden)
  var evidence: RunCommand.EvidenceChoice?

  @Argument(
    help: ArgumentHelp(
      "The recording or the log; several are the files of one strace -ff.", valueName: "file"))
  var files: [String]

  /// Reads the recording and ends this process as the contract says.
  func perform() -> Never {
    ReplaySession(self).replayToTheEnd()
  }
}
