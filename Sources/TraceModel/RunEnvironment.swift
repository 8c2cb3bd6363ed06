internal import Bytes

/// The part of a run's first environment that its recording has.
package struct RunEnvironment: Hashable, Sendable {
  /// The variables that are kept, with their values.
  package var values: [String: String]
  /// The other variables, each with a hash of its value (`hash(of:)`), without those whose names speak
  /// of secrets.
  package var hashes: [String: String]

  package init(values: [String: String] = [:], hashes: [String: String] = [:]) {
    self.values = values
    self.hashes = hashes
  }

  /// Four hexadecimal digits: enough to see that a value is another one, and too few to find it out.
  ///
  /// - Parameter folders: The folders of the run, absolute. They count for nothing in a value: a
  ///   checkout elsewhere has the same variables.
  package static func hash(of value: String, in folders: [String] = []) -> String {
    var value = value
    for folder in folders.sorted(by: { $0.utf8.count > $1.utf8.count }) where folder.utf8.count > 1
    {
      value = value.replacingFolder(folder, by: "")
    }
    let hash = FNV1a64(value.utf8).value
    return ((hash ^ hash >> 32) & 0xffff).zeroPadded(to: 4, radix: 16)
  }
}
