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

  /// All lines, each with its end.
  package var text: String {
    FixText(files, root: root, style: style, blockLimit: .max).lines()
      .map { $0.rendered(in: style) + "\n" }.joined()
  }
}
