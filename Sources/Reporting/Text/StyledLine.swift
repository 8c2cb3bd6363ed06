/// One line of a report, in pieces that are coloured differently. `TerminalText` makes it printable.
struct StyledLine {
  /// The meaning of a piece of text; the colours are those of rustc.
  enum Tone {
    case plain
    case strong
    case error
    case warning
    case gutter
    case help
    case added
    case removed

    /// The parameters of the ANSI sequence that starts the colour (ECMA-48, SGR).
    var parameters: String? {
      switch self {
      case .plain: nil
      case .strong: "1"
      case .error: "1;31"
      case .warning: "1;33"
      case .gutter: "1;34"
      case .help: "1;36"
      case .added: "32"
      case .removed: "31"
      }
    }
  }

  /// How much a report loses if it leaves the line out because it would be too long.
  enum Weight {
    case needed
    /// A line that shows that there is more.
    case hint
    /// A line between paragraphs.
    case paragraph
    /// A line between parts of a paragraph.
    case spacing
    /// A line of a diff, which is to be pasted: it is neither counted nor cut.
    case verbatim
  }

  private(set) var pieces: [(text: String, tone: Tone)] = []
  var weight = Weight.needed
  /// Whether it names a file of a diff: `--- a/main.py`, `+++ b/main.py`.
  var isDiffHeader = false

  init(_ text: String = "", _ tone: Tone = .plain, weight: Weight = .needed) {
    append(text, tone)
    self.weight = weight
  }

  var plainText: String {
    pieces.map(\.text).joined()
  }

  var width: Int {
    DisplayText.width(of: plainText)
  }

  mutating func append(_ text: String, _ tone: Tone = .plain) {
    if !text.isEmpty {
      pieces.append((text, tone))
    }
  }

  func appending(_ text: String, _ tone: Tone = .plain) -> StyledLine {
    var line = self
    line.append(text, tone)
    return line
  }

  /// The same line, left out before others.
  var asHint: StyledLine {
    var line = self
    line.weight = .hint
    return line
  }
}
