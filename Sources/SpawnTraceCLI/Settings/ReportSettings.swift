/// How much is printed, and where.
struct ReportSettings: Hashable {
  /// The file of the report as JSON.
  var json: String?
  var style = ReportStyle.findings
  var color = ColorChoice.auto
  var verbose = false
}

/// How much of the report is printed.
enum ReportStyle: String, CaseIterable {
  /// Findings at length: what holds without an option.
  case findings
  /// The same, and at the end the tree of processes.
  case full
  /// A line for each finding.
  case short
  case none

  /// Whether findings are printed at length.
  var isLong: Bool { self == .findings || self == .full }
}
