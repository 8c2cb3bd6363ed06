internal import ArgumentParser

/// How much is said, and where.
struct ReportOptions: ParsableArguments {
  enum ReportStyle: String, ExpressibleByArgument, CaseIterable {
    case full
    case short
    case none
  }

  @Option(help: ArgumentHelp("Write the report to FILE as JSON, too.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp("How much of the report is text.", valueName: "full|short|none"))
  var report = ReportStyle.full

  @Option(help: ArgumentHelp("Colour the report.", valueName: "auto|always|never"))
  var color = ColorChoice.auto

  @Flag(name: .shortAndLong, help: "Say a line for each process as it starts.")
  var verbose = false
}
