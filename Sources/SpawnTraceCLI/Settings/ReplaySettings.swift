internal import Runs

/// What `replay` is to do.
struct ReplaySettings {
  /// Not empty.
  var files: [String]
  var options = ReplayOptions()
  var reporting = ReportSettings()
  /// The file of the edit that a finding proposes, as a diff.
  var fixFile: String?
}
