/// The part of a run's first environment that its recording has.
package struct RunEnvironment: Hashable, Sendable {
  /// The variables that are kept, with their values.
  package var values: [String: String]
  /// The other variables, each with a hash of its value, without those whose names speak of secrets.
  package var hashes: [String: String]
  /// The name of the hashes' key, also of those in the place of arguments. Hashes can be compared if
  /// their keys have the same name; nil if there is no key.
  package var key: String?

  package init(values: [String: String] = [:], hashes: [String: String] = [:], key: String? = nil) {
    self.values = values
    self.hashes = hashes
    self.key = key
  }

  /// The variables that name the folder of temporary files (Lib/tempfile.py, `_candidate_tempdir_list`).
  package static let temporaryFolders = ["TMPDIR", "TEMP", "TMP"]
}
