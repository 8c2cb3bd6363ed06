internal import Runs

/// What `run` is to do, however its command line was read; what isn't set is as usual.
struct RunSettings: Hashable {
  var live: LiveSettings
  /// The recording's file.
  var record: String?
  var reporting = ReportSettings()
  /// The status for a finding of severity error.
  var findingStatus = ExitStatus.finding

  /// Whether the command runs again with the edit that a finding proposes.
  var triesFix = false
  /// The file of the edit as a diff.
  var fixFile: String?

  init(command: [String]) {
    live = LiveSettings(command: command)
  }
}
