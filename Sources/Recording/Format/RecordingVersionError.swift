/// A recording that only a newer spawntrace understands.
package struct RecordingVersionError: Error, Hashable {
  /// The format's version.
  package var version: Int
  /// The version of the oldest reader that understands it.
  package var oldestReader: Int
  /// The version of the spawntrace that wrote it.
  package var tool: String
}
