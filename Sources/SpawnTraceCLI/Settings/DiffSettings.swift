internal import Input

/// What `diff` is to do.
struct DiffSettings {
  /// The files of the two runs.
  var good: String
  var bad: String
  /// Where the result is written as JSON; nil for nowhere.
  var json: String?
  var color = ColorChoice.auto
  /// What each file may unpack to.
  var unpacking = UnpackLimit()
}
