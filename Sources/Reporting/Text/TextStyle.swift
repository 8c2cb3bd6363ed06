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

  /// Cuts off the end of `text` if it has more than `width` columns, behind a word if one ends in
  /// the second half of what there is room for.
  package func clippedAtEnd(_ text: String, to width: Int) -> String {
    guard DisplayText.width(of: text) > width else { return text }
    let room = width - ellipsis.count
    guard room > 0 else { return String(ellipsis.prefix(max(width, 0))) }
    return Self.words(of: text, columns: room) + ellipsis
  }

  /// Cuts out the middle of `text` if it has more than `width` columns, between words if some end
  /// near. More is kept of its end than of its beginning, because the end of a path says more.
  func clippedInMiddle(_ text: String, to width: Int) -> String {
    guard DisplayText.width(of: text) > width else { return text }
    let room = width - ellipsis.count
    guard room > 0 else { return String(ellipsis.prefix(max(width, 0))) }
    let head = Self.words(of: text, columns: room / 3)
    let left = room - DisplayText.width(of: head)
    let tail = Self.words(of: String(text.reversed()), columns: left)
    return head + ellipsis + String(tail.reversed())
  }

  /// The longest beginning of `text` that has at most `columns` columns, up to a word's end and with
  /// the blank behind it. A word that takes more than half of it is cut.
  static func words(of text: String, columns: Int) -> String {
    let kept = DisplayText.prefix(of: text, columns: columns)
    let next = text.dropFirst(kept.count).first
    guard next != nil, next != " ", let last = kept.lastIndex(of: " "),
      kept.distance(from: kept.startIndex, to: last) * 2 >= kept.count
    else { return kept }
    return String(kept[...last])
  }

  /// `text` without characters that move the cursor, or hide or reorder text: see `DisplayText.printable`.
  package func printable(_ text: String) -> String {
    DisplayText.printable(text, unicode: unicode)
  }
}
