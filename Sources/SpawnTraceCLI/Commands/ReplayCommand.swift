internal import Analysis
internal import ArgumentParser
internal import Runs

/// `spawntrace replay`: the report of a recorded run.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Report on a recorded run, or on an strace log.",
    discussion: """
      FILE was written by run --record or by strace: with -f, or the files of one run with -ff, or \
      their folder. It is recognised by its content and may be compressed with gzip or zstd; - is \
      standard input. The report goes to standard error. The report of a recording is the one of \
      the recorded run. So are the limits, unless an option changes them.

      A log of strace has everything that is needed if it was made by:
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
        2   FILE can't be read, or is neither a recording nor a log
      """)

  @OptionGroup var limits: LimitOptions
  @OptionGroup var reporting: ReportOptions
  @OptionGroup var fixFile: FixFileOption
  @OptionGroup var unpacking: UnpackOption

  @Flag(
    help: "Wait for more until the recorded run has ended, and report meanwhile what it proves.")
  var follow = false

  @Flag(
    help: """
      Show all arguments of an strace log, without secrets that are recognised as such. A recording \
      has what it has.
      """)
  var recordArguments = false

  @Option(help: .hidden)
  var evidence: Evidence?

  @Argument(
    help: ArgumentHelp(
      "The recording or the log; several files are those of one strace -ff.", valueName: "file"))
  var files: [String]

  var settings: ReplaySettings {
    var settings = ReplaySettings(files: files, reporting: reporting.settings)
    settings.fixFile = fixFile.writeFix
    settings.options.evidence = evidence
    settings.options.isFollowed = follow
    settings.options.keepsArguments = recordArguments
    settings.options.unpacking = unpacking.limit
    settings.options.limits = limits.limits(over:)
    return settings
  }
}
