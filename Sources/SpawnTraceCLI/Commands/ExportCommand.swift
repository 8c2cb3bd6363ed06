internal import ArgumentParser

/// `spawntrace export`: a recording in another form.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Turn a recording into another form.",
    discussion: """
      FILE was written by run --record and may be compressed with gzip or zstd; - is standard input.

      FORMATS
        jsonl          the recording itself, without lines that are damaged or torn
        jsonl --flat   the same with the run's number, start, host and command in each line, \
      followed by a line for each process, a line for each finding and one with the verdict: a \
      folder of such files is one table for DuckDB or ClickHouse

      EXAMPLES
        spawntrace export torn.jsonl --to jsonl --output whole.jsonl
        spawntrace export run.sptrace.jsonl.zst --to jsonl --flat | duckdb \
      -c "select kind, culpritPath, culpritLine from read_json('/dev/stdin') where k = 'finding'"

      EXIT STATUS
        0   written
        2   FILE can't be read or isn't a recording, or the output can't be written
      """)

  /// The forms that can be written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case jsonl
  }

  @Argument(help: ArgumentHelp("The recording.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("What to write: jsonl.", valueName: "format"))
  var to: Format

  @Flag(help: "Put the run's identity in each line, and add lines of what the analysis found.")
  var flat = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to FILE instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var unpacking: UnpackOption

  var settings: ExportSettings {
    ExportSettings(file: file, output: output, isFlat: flat, unpacking: unpacking.limit)
  }
}
