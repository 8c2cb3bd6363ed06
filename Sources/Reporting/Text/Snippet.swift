import Analysis
import Diagnostics
internal import Multiprocessing
import TraceModel

/// The program's text at a place, marked, with what there is to say about it.
struct Snippet {
  let place: SourceLocation
  /// What is said below the marks.
  let label: String
  let gutter: Gutter

  private var style: TextStyle { gutter.style }

  func lines() -> [StyledLine] {
    let begin = [gutter.bar(weight: .spacing)]
    let end = [gutter.bar(weight: .spacing)]
    guard let source = place.text else {
      return begin + label(below: 0).map { gutter.bar($0) } + end
    }
    var lines = begin
    if let statement = place.enclosingStatement {
      lines.append(gutter.numbered(statement.number, shown(statement.line)).asHint)
      if let line = place.line, line - statement.number > 1 {
        lines.append(StyledLine("...", .gutter, weight: .hint))
      }
    }
    let text = shown(source)
    lines.append(gutter.numbered(place.line, text))
    return lines + marks(under: text) + end
  }

  /// A line of the program, with its margin and without what has no room.
  private func shown(_ line: String) -> String {
    let printable = style.printable(line)
    let code = PythonLine.trimmed(printable)
    let margin = DisplayText.width(of: printable.prefix(while: \.isWhitespace))
    let shown = String(repeating: " ", count: min(margin, gutter.room / 3)) + code
    return style.clippedAtEnd(shown, to: gutter.room)
  }

  /// The carets under a line's code, and behind them or below them what they say.
  private func marks(under text: String) -> [StyledLine] {
    let code = text.drop { $0 == " " }
    let margin = text.count - code.count
    let carets =
      String(repeating: " ", count: margin)
      + String(repeating: "^", count: DisplayText.width(of: code))
    if carets.count + 1 + DisplayText.width(of: label) <= gutter.room {
      return [gutter.bar(carets + " " + label, .error)]
    }
    return [gutter.bar(carets, .error)] + label(below: margin).map { gutter.bar($0, .error) }
  }

  /// The label in lines that begin below the column `margin`, or as far left as it needs.
  private func label(below margin: Int) -> [String] {
    let width = DisplayText.width(of: label)
    let start = max(0, min(margin, gutter.room - width))
    return gutter.wrap(label, to: gutter.room - start).map {
      String(repeating: " ", count: start) + $0
    }
  }
}
