internal import ArgumentParser

/// The options for how much is printed, and where.
struct ReportOptions: ParsableArguments {
  private static let usual = ReportSettings()

  @Option(help: ArgumentHelp("Also write the report to FILE as JSON.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      """
      How much to print. Without this option: each finding at length; full: also the tree of \
      processes at the end; short: one line for each finding; none: nothing.
      """, valueName: "full|short|none"))
  var report: ReportStyle?

  @Option(help: ArgumentHelp("When to colour the report.", valueName: "auto|always|never"))
  var color = usual.color

  @Flag(name: .shortAndLong, help: "Print a line for each process as it starts.")
  var verbose = usual.verbose

  var settings: ReportSettings {
    ReportSettings(
      json: json, style: report ?? Self.usual.style, color: color, verbose: verbose)
  }
}
