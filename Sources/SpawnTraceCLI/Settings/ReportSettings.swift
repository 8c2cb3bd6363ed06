/// How much is said, and where.
struct ReportSettings: Hashable {
  /// The file of the report as JSON.
  var json: String?
  /// nil: findings at length, and no tree.
  var report: ReportOptions.ReportStyle?
  var color = ColorChoice.auto
  var verbose = false

  /// Whether findings are told at length.
  var tellsFindings: Bool { report == nil || report == .full }
}
