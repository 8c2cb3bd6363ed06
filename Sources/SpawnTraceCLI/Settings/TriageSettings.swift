internal import Input

/// What `triage` is to do.
struct TriageSettings {
  /// Files and folders.
  var paths: [String]
  /// Where the result is written as JSON; nil for nowhere.
  var json: String?
  /// The file of the owners; nil for the one of the working directory.
  var owners: String?
  /// The file of the causes that are known already.
  var known: String?
  var isByOwner = false
  /// What each input may unpack to.
  var unpacking = UnpackLimit()
}
