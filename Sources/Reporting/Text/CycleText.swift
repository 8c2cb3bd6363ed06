import Analysis
import TraceModel

/// The text of a re-execution cycle, line by line.
struct CycleText {
  static let documentation =
    "https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods"

  private let context: FindingContext
  private let sentences: CycleSentences
  private let fix: CycleFix
  private let gutter: Gutter

  init(_ context: FindingContext) {
    self.context = context
    sentences = CycleSentences(context: context)
    fix = CycleFix(context)
    let shown = [context.finding.culprit?.line, context.enclosingStatement?.number]
    gutter = Gutter(style: context.style, lines: shown.compactMap(\.self) + fix.numbers)
  }

  func lines() -> [StyledLine] {
    [headline, gutter.arrow(context.place(to: gutter.room - 1))]
      + snippet()
      + CycleDiagram(context: context, gutter: gutter).lines()
      + [gutter.bar(weight: .spacing)]
      + notes()
      + [StyledLine(weight: .paragraph)]
      + help()
      + [StyledLine(weight: .paragraph)]
      + [StyledLine(sentences.identity), StyledLine(Self.documentation)]
  }

  private var headline: StyledLine {
    let rule = context.finding.rule
    let kind = "\(rule.severity.rawValue)[\(rule.rawValue)]"
    let room = context.style.width - kind.count - 2
    let title = context.style.clippedInMiddle(
      context.style.printable(context.finding.title), to: room)
    return StyledLine(kind, rule.severity == .error ? .error : .warning)
      .appending(": " + title, .strong)
  }

  // MARK: The program's text

  private func snippet() -> [StyledLine] {
    let begin = [gutter.bar(weight: .spacing)]
    let end = [gutter.bar(weight: .spacing)]
    guard let culprit = context.finding.culprit else { return end }
    guard let source = context.culpritSource else {
      return begin + label(below: 0).map { gutter.bar($0) } + end
    }
    var lines = begin
    if let statement = context.enclosingStatement {
      lines.append(hint(gutter.numbered(statement.number, shown(statement.line))))
      if let line = culprit.line, line - statement.number > 1 {
        lines.append(StyledLine("...", .gutter, weight: .hint))
      }
    }
    let text = shown(source)
    lines.append(gutter.numbered(culprit.line, text))
    return lines + marks(under: text) + end
  }

  /// A line of the program, with its margin and without what has no room.
  private func shown(_ line: String) -> String {
    let printable = context.style.printable(line)
    let code = PythonLine.trimmed(printable)
    let margin = DisplayText.width(of: printable.prefix(while: \.isWhitespace))
    let shown = String(repeating: " ", count: min(margin, gutter.room / 3)) + code
    return context.style.clippedAtEnd(shown, to: gutter.room)
  }

  /// The carets under a line's code, and behind them or below them what they say.
  private func marks(under text: String) -> [StyledLine] {
    let code = text.drop { $0 == " " }
    let margin = text.count - code.count
    let carets =
      String(repeating: " ", count: margin)
      + String(repeating: "^", count: DisplayText.width(of: code))
    let label = sentences.label
    if carets.count + 1 + DisplayText.width(of: label) <= gutter.room {
      return [gutter.bar(carets + " " + label, .error)]
    }
    return [gutter.bar(carets, .error)] + self.label(below: margin).map { gutter.bar($0, .error) }
  }

  /// The label in lines that begin below the column `margin`, or as far left as it needs.
  private func label(below margin: Int) -> [String] {
    let width = DisplayText.width(of: sentences.label)
    let start = max(0, min(margin, gutter.room - width))
    return gutter.wrap(sentences.label, to: gutter.room - start).map {
      String(repeating: " ", count: start) + $0
    }
  }

  // MARK: Notes and help

  private func notes() -> [StyledLine] {
    let effect = sentences.effect
    var lines = gutter.note(effect.label, effect.text) + gutter.note("why", sentences.reason)
    if let unseen = sentences.unseen {
      let label = "unseen"
      let room = gutter.room - label.count - 2
      lines += gutter.note(label, context.style.clippedAtEnd(unseen, to: room)).prefix(1)
    }
    return lines
  }

  private func help() -> [StyledLine] {
    let label = "help: "
    let advice = gutter.wrap(fix.advice, to: context.style.width - label.count)
    let head = advice.enumerated().map { index, part in
      index == 0
        ? StyledLine(label, .help).appending(part, .strong)
        : StyledLine(String(repeating: " ", count: label.count)).appending(part, .strong)
    }
    let diff = fix.lines.map(line)
    return head + (diff.isEmpty ? [] : [gutter.bar(weight: .spacing)] + diff)
  }

  private func line(_ line: CycleFix.Line) -> StyledLine {
    switch line {
    case .file(let name): gutter.arrow(name)
    case .context(let text): hint(gutter.numbered(nil, mark: " ", text))
    case .removed(let number, let text): gutter.numbered(number, mark: "-", text, .removed)
    case .added(let number, let text): gutter.numbered(number, mark: "+", text, .added)
    case .rest(let text): hint(gutter.numbered(nil, mark: "+", text, .added))
    }
  }

  private func hint(_ line: StyledLine) -> StyledLine {
    var line = line
    line.weight = .hint
    return line
  }
}
