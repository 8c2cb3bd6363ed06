/// The format that traces/FORMAT.md describes: one JSON object a line, whose member `k` is its kind.
package enum RecordingFormat {
  package static let name = "spawntrace"
  /// The version that is written. It grows when an old reader would misunderstand.
  package static let version = 1
  /// The oldest reader that understands what is written.
  package static let oldestReader = 1

  /// How every recording begins.
  package static let beginning = #"{"k":"hdr","fmt":"spawntrace""#
}
