package import TraceModel

/// A whole diff for people: coloured, and printable.
package struct DiffText {
  private let files: [FileChange]
  private let root: String
  private let style: TextStyle

  /// - Parameter root: The folder that names are relative to.
  package init(_ files: [FileChange], root: String, style: TextStyle) {
    self.files = files
    self.root = root
    self.style = style
  }

  package var text: TerminalText {
    TerminalText(fixText.lines(), in: style)
  }

  /// Whether the diff's own bytes do nothing on a terminal or in the log of a CI job.
  package var isHarmless: Bool { fixText.isHarmless }

  private var fixText: FixText { FixText(files, root: root, style: style, blockLimit: .max) }
}
