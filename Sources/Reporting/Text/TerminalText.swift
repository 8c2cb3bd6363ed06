internal import Bytes

/// Lines that are printed on a terminal, or into the log of a CI job.
///
/// All that spawntrace prints has this type, and it is only made here: of lines in which every
/// character that moves the cursor, or hides or reorders text, is escaped, and so is the beginning of
/// each command that a CI system would obey. The colours are put around that. It makes no difference
/// where a text comes from, so none can be forgotten.
package struct TerminalText: Hashable, Sendable {
  /// With the sequences of colours, each line with its end.
  package private(set) var text = ""

  package init() {}

  /// Lines in the colours of a style, none wider than it allows.
  init(_ lines: [StyledLine], in style: TextStyle) {
    for line in lines { text += line.rendered(in: style) + "\n" }
  }

  /// Lines without colours, as wide as they are.
  package init(lines: [String], unicode: Bool) {
    let style = TextStyle(color: false, unicode: unicode, width: .max)
    self.init(lines.map { StyledLine($0) }, in: style)
  }

  /// A question, behind which the answer is typed: one line without its end.
  package init(question: String, unicode: Bool) {
    let style = TextStyle(color: false, unicode: unicode, width: .max)
    text = StyledLine(question).rendered(in: style)
  }

  package static let emptyLine = TerminalText(lines: [""], unicode: false)

  package var isEmpty: Bool { text.isEmpty }

  package static func + (one: TerminalText, other: TerminalText) -> TerminalText {
    var sum = one
    sum.text += other.text
    return sum
  }

  package static func += (one: inout TerminalText, other: TerminalText) {
    one.text += other.text
  }
}

extension StyledLine {
  /// Whether the line is printed as it is, but for its colours.
  func isPrintedAsItIs(in style: TextStyle) -> Bool {
    printable(in: style).map(\.text).joined() == plainText
  }

  /// The line with the colours of `style`, and not wider than it allows.
  fileprivate func rendered(in style: TextStyle) -> String {
    let pieces = printable(in: style)
    let width = pieces.reduce(0) { $0 + DisplayText.width(of: $1.text) }
    guard weight != .verbatim, width > style.width else {
      return pieces.map { Self.colored($0.text, $0.tone, in: style) }.joined()
    }
    var room = style.width - style.ellipsis.count
    var result = ""
    for (text, tone) in pieces {
      let kept = TextStyle.words(of: text, columns: room)
      room -= DisplayText.width(of: kept)
      if kept.count < text.count {
        return result + Self.colored(kept + style.ellipsis, tone, in: style)
      }
      result += Self.colored(kept, tone, in: style)
    }
    return result
  }

  /// The pieces without anything that a terminal or a CI system would obey.
  private func printable(in style: TextStyle) -> [(text: String, tone: Tone)] {
    let pieces = pieces.map { (text: printable($0.text, in: style), tone: $0.tone) }
    var beginnings = LogCommand.beginnings(in: pieces.map(\.text).joined())[...]
    // Without its two header lines a diff can't be applied. All they do is head a group in Buildkite.
    if isDiffHeader, beginnings.first == 0 { beginnings.removeFirst() }
    guard !beginnings.isEmpty else { return pieces }
    var index = 0
    return pieces.map { piece in
      var text = ""
      for scalar in piece.text.unicodeScalars {
        if beginnings.first == index {
          text += scalar.pythonEscape
          beginnings.removeFirst()
        } else {
          text.unicodeScalars.append(scalar)
        }
        index += 1
      }
      return (text, piece.tone)
    }
  }

  /// A diff keeps its tabs, because it is to be pasted.
  private func printable(_ text: String, in style: TextStyle) -> String {
    guard weight == .verbatim, text.utf8.contains(UInt8(ascii: "\t")) else {
      return style.printable(text)
    }
    return text.split(separator: "\t", omittingEmptySubsequences: false)
      .map { style.printable(String($0)) }.joined(separator: "\t")
  }

  private static func colored(_ text: String, _ tone: Tone, in style: TextStyle) -> String {
    guard style.color, let parameters = tone.parameters else { return text }
    return "\u{1B}[\(parameters)m\(text)\u{1B}[0m"
  }
}
