import Diagnostics
import Multiprocessing
import TraceModel

/// How many columns the parts of a sentence may take at one place of a report; they are cut beyond.
struct PartWidths {
  var path = 24
  var place = 40
  var module = 24
  var function = 40
  var quoted = 240
  /// Whether the path of a library's module begins in the library.
  var isLibraryShort = false

  static let label = PartWidths(place: 50)
  static let advice = PartWidths()
  static let step = PartWidths(place: 28, function: 24)
  static let wait = PartWidths(place: 48, isLibraryShort: true)
  static let round = PartWidths(place: 24)

  /// - Parameter room: How many columns the note has on a line.
  static func note(_ topic: Diagnostic.Note.Topic, room: Int) -> PartWidths {
    switch topic {
    case .started: PartWidths(place: 60)
    // The command stands behind a short sentence, on its line.
    case .starter: PartWidths(quoted: room - 50)
    case .unseen: PartWidths(quoted: .max)
    default: PartWidths()
    }
  }
}

/// Turns sentences into text for a terminal.
struct SentenceLayout {
  let style: TextStyle
  let paths: PathDisplay

  func text(_ sentence: Sentence, _ widths: PartWidths) -> String {
    sentence.parts.map { text($0, widths) }.joined()
  }

  /// A sentence over as many lines as it takes, all but the first indented further.
  func wrapped(_ sentence: Sentence, _ widths: PartWidths, indent: String) -> [String] {
    let lines = Gutter(style: style, lines: [])
      .wrap(text(sentence, widths), to: style.width - indent.count - 2)
    return lines.enumerated().map { index, line in indent + (index == 0 ? "" : "  ") + line }
  }

  private func text(_ part: Sentence.Part, _ widths: PartWidths) -> String {
    switch part {
    case .text(let text), .name(let text): return style.printable(text)
    case .code(let code): return "`" + style.printable(code) + "`"
    case .path(let path): return paths.short(path, to: widths.path)
    case .place(let place):
      let path = widths.isLibraryShort ? place.path.inItsLibrary : place.path
      return paths.location(path, place.line, to: widths.place)
    case .module(let name):
      return style.clippedInMiddle(style.printable(name), to: widths.module)
    case .function(let name, let short):
      let whole = style.printable(name)
      guard let short, DisplayText.width(of: whole) > widths.function else {
        return style.clippedAtEnd(whole, to: widths.function)
      }
      return style.clippedAtEnd(style.printable(short), to: widths.function)
    case .quoted(let text):
      return style.clippedAtEnd(style.printable(text), to: widths.quoted)
    }
  }
}
