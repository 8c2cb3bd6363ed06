/// What people have written down of a cause.
package struct KnownCause: Hashable, Sendable {
  package var ticket: String
  /// Empty if there is none.
  package var note: String
}
