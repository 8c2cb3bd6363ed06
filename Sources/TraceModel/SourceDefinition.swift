/// Where the program defines the name that a worker did not find.
///
/// A class, because most texts have none, and each event has room for one.
package final class SourceDefinition: Hashable, Sendable {
  /// A definition's lines, from 1.
  package struct Place: Hashable, Sendable {
    package var line: Int
    /// The statement at the margin that deletes the name again.
    package var deletedAt: Int?

    package init(line: Int, deletedAt: Int? = nil) {
      self.line = line
      self.deletedAt = deletedAt
    }
  }

  /// Absolute.
  package let path: String
  package let place: Place
  /// The program's text there; nil if it wasn't read.
  package let source: SourceExcerpt?

  package init(path: String, place: Place, source: SourceExcerpt?) {
    self.path = path
    self.place = place
    self.source = source
  }

  package static func == (one: SourceDefinition, other: SourceDefinition) -> Bool {
    one.path == other.path && one.place == other.place && one.source == other.source
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(place)
  }
}
