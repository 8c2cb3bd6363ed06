/// A change of the program that takes its fault away.
package struct Fix: Hashable, Sendable {
  /// Whether the edits can be made as they are.
  package enum Applicability: String, Hashable, Sendable {
    case applies
    case needsReview = "needs-review"
  }

  /// A piece of a file that becomes another one.
  package struct Edit: Hashable, Sendable {
    /// How much of the file the edit is known to concern.
    package enum Extent: Hashable, Sendable {
      /// The lines of `original`, and no more.
      case complete
      /// More lines belong to the statement that `original` begins. They weren't read. They follow
      /// `replacement`, indented by one level more.
      case firstLines
      /// Nothing is replaced: `replacement` goes below the line with this text, whose number isn't
      /// known.
      case below(String)
    }

    /// The file, absolute; nil if the main script isn't known.
    package var path: String?
    /// The number of the first line of `original`; nil if it isn't known.
    package var firstLine: Int?
    /// The lines that are replaced, as far as they are known; without ends, and without white space
    /// behind.
    package var original: [String]
    package var replacement: [String]
    package var extent: Extent

    package init(
      path: String?, firstLine: Int? = nil, original: [String] = [], replacement: [String],
      extent: Extent
    ) {
      self.path = path
      self.firstLine = firstLine
      self.original = original
      self.replacement = replacement
      self.extent = extent
    }
  }

  package var edits: [Edit]
  package var applicability: Applicability

  package init(edits: [Edit], applicability: Applicability) {
    self.edits = edits
    self.applicability = applicability
  }
}
