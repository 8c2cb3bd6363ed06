/// What `fix` is to do.
struct FixSettings {
  /// The runs; their JSON file is that of the result.
  var run: RunSettings
  /// The file of the diff; `-` for standard output.
  var write: String?
  /// Whether the files are edited.
  var applies = false
  /// Whether that needs no question.
  var isAgreed = false
}
