import Diagnostics

/// A cycle's steps below each other, with a line around them.
struct ChainDiagram {
  let chain: Diagnostic.Chain
  let sentences: SentenceLayout
  let gutter: Gutter

  private var style: TextStyle { gutter.style }

  func lines() -> [StyledLine] {
    let steps = chain.steps
    let locations = steps.map(location)
    let locationWidth = locations.map { DisplayText.width(of: $0) }.max() ?? 0
    let indent = String(repeating: " ", count: gutter.digits + 1)
    let room = style.width - indent.count - 4 - locationWidth - 2
    var lines: [StyledLine] = []
    for (index, step) in steps.enumerated() {
      let padding = String(
        repeating: " ", count: locationWidth - DisplayText.width(of: locations[index]) + 2)
      let parts = gutter.wrap(text(of: step, in: room), to: room)
      for (partIndex, part) in parts.enumerated() {
        let isFirst = partIndex == 0
        let rail = rail(step: index, of: steps.count, isFirstLine: isFirst)
        var line = StyledLine(indent + rail, .error)
        line.append(
          isFirst ? locations[index] : String(repeating: " ", count: locationWidth), .strong)
        line.append((isFirst ? padding : "  ") + part)
        lines.append(line)
      }
    }
    return lines
  }

  private func rail(step: Int, of count: Int, isFirstLine: Bool) -> String {
    let isLast = step == count - 1
    return switch (isFirstLine, step, isLast) {
    case (true, 0, _): style.unicode ? "╭─> " : "+-> "
    case (true, _, true): style.unicode ? "╰── " : "+-- "
    case (false, _, true): "    "
    default: style.unicode ? "│   " : "|   "
    }
  }

  private func location(of step: Diagnostic.Chain.Step) -> String {
    step.place.map { sentences.text("\(place: $0)", .step) } ?? "the main script"
  }

  /// What happens, and the program's text there if there is room for it.
  private func text(of step: Diagnostic.Chain.Step, in room: Int) -> String {
    let text = sentences.text(step.sentence, .step)
    guard let source = step.source else { return text }
    let left = room - DisplayText.width(of: text) - 4
    guard left >= 16 else { return text }
    return text + ": `" + style.clippedAtEnd(style.printable(source), to: left) + "`"
  }
}
