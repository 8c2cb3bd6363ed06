internal import ArgumentParser

/// `spawntrace export`: a recording in another form.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Turn a recording into another form.",
    discussion: """
      FILE is what run --record wrote, as it is or compressed with gzip or zstd; - is standard input.

      FORMATS
        jsonl          the recording itself, without what is damaged or torn
        jsonl --flat   each line with the run's number, start, host and command in front, and behind \
      the recording's own lines one a process, one a finding and one with the verdict: a folder of such \
      files is one table for DuckDB or ClickHouse

      EXAMPLES
        spawntrace export torn.jsonl --to jsonl --output whole.jsonl
        spawntrace export run.sptrace.jsonl.zst --to jsonl --flat | duckdb \
      -c "select kind, culpritPath, culpritLine from read_json('/dev/stdin') where k = 'finding'"

      EXIT STATUS
        0   written
        2   FILE can't be read or is no recording, or the output can't be written
      """)

  /// What can be written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case jsonl
  }

  @Argument(help: ArgumentHelp("The recording.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("What to write: jsonl.", valueName: "format"))
  var to: Format

  @Flag(help: "Each line with the run's identity, and lines of what the analysis found.")
  var flat = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write there, not on standard output.", valueName: "file"))
  var output: String?

  /// Writes it and ends this process.
  func perform() -> Never {
    ExportSession(self).exportToTheEnd()
  }
}
