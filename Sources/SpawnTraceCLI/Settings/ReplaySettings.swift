internal import Runs

/// What `replay` is to do.
struct ReplaySettings {
  /// Not empty.
  var files: [String]
  var options = ReplayOptions()
  var reporting = ReportSettings()
}
