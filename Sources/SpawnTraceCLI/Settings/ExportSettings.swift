internal import Input

/// What `export` is to do.
struct ExportSettings {
  /// The recording.
  var file: String
  /// nil for standard output.
  var output: String?
  /// Whether each line has the run's identity, and lines of findings are added.
  var isFlat = false
  /// What the recording may unpack to.
  var unpacking = UnpackLimit()
}
