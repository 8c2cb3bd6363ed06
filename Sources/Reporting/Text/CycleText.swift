import Analysis
import Diagnostics
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
      + Snippet(context: context, gutter: gutter, label: sentences.label).lines()
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
    let diff = fix.lines.map { $0.line(in: gutter) }
    return head + (diff.isEmpty ? [] : [gutter.bar(weight: .spacing)] + diff)
  }
}

extension CycleFix.Line {
  func line(in gutter: Gutter) -> StyledLine {
    switch self {
    case .file(let name): gutter.arrow(name)
    case .context(let text): gutter.numbered(nil, mark: " ", text).asHint
    case .removed(let number, let text): gutter.numbered(number, mark: "-", text, .removed)
    case .added(let number, let text): gutter.numbered(number, mark: "+", text, .added)
    case .rest(let text): gutter.numbered(nil, mark: "+", text, .added).asHint
    }
  }
}
