/// How reports for people are written.
package struct TextStyle: Hashable, Sendable {
  /// Whether ANSI sequences colour the text.
  package var color: Bool
  /// Whether characters outside ASCII may be written. If not, those of the program's text and paths
  /// are escaped as Python's `backslashreplace` does.
  package var unicode: Bool
  /// How many columns a line may have: 60 at least.
  package var width: Int

  package init(color: Bool, unicode: Bool, width: Int = 100) {
    self.color = color
    self.unicode = unicode
    self.width = max(width, 60)
  }

  var ellipsis: String {
    unicode ? "…" : "..."
  }

  /// Cuts off the end of `text` if it has more than `width` columns.
  func clippedAtEnd(_ text: String, to width: Int) -> String {
    guard DisplayText.width(of: text) > width else { return text }
    let room = width - ellipsis.count
    guard room > 0 else { return String(ellipsis.prefix(max(width, 0))) }
    return DisplayText.prefix(of: text, columns: room) + ellipsis
  }

  /// Cuts out the middle of `text` if it has more than `width` columns. More is kept of its end than
  /// of its beginning, because the end of a path says more.
  func clippedInMiddle(_ text: String, to width: Int) -> String {
    guard DisplayText.width(of: text) > width else { return text }
    let room = width - ellipsis.count
    guard room > 0 else { return String(ellipsis.prefix(max(width, 0))) }
    let head = DisplayText.prefix(of: text, columns: room / 3)
    let tail = DisplayText.suffix(of: text, columns: room - DisplayText.width(of: head))
    return head + ellipsis + tail
  }

  /// `text` without characters that move the cursor, or hide or reorder text: see `DisplayText.printable`.
  func printable(_ text: String) -> String {
    DisplayText.printable(text, unicode: unicode)
  }
}
