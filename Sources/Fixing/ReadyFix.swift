package import TraceModel

/// A proposed fix with the texts of the files that it changes.
package struct ReadyFix: Hashable, Sendable {
  package var proposal: ProposedFix
  package var texts: [ChangedText]
}

/// A file's text before a change and after it.
package struct ChangedText: Hashable, Sendable {
  /// Absolute.
  package var path: String
  package var original: [UInt8]
  package var edited: [UInt8]
  /// See `FileChange`.
  package var isLatin1: Bool

  package init(path: String, original: [UInt8], edited: [UInt8], isLatin1: Bool = false) {
    self.path = path
    self.original = original
    self.edited = edited
    self.isLatin1 = isLatin1
  }
}
