internal import ArgumentParser

/// The options for how much is said, and where.
struct ReportOptions: ParsableArguments {
  enum ReportStyle: String, ExpressibleByArgument, CaseIterable {
    case full
    case short
    case none
  }

  @Option(help: ArgumentHelp("Write the report to FILE as JSON, too.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      "How much is told: full ends with the tree of processes, short is a line a finding.",
      valueName: "full|short|none"))
  var report: ReportStyle?

  @Option(help: ArgumentHelp("Colour the report.", valueName: "auto|always|never"))
  var color = ReportSettings().color

  @Flag(name: .shortAndLong, help: "Say a line for each process as it starts.")
  var verbose = ReportSettings().verbose

  var settings: ReportSettings {
    ReportSettings(json: json, report: report, color: color, verbose: verbose)
  }
}
