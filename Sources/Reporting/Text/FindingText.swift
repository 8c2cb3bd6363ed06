import Analysis
import Diagnostics
import TraceModel

/// The text of a finding, line by line.
struct FindingText {
  /// How many steps of a chain are named in notes.
  private static let stepLimit = 6

  private let diagnostic: Diagnostic
  private let command: [String]
  /// What the names in a diff are relative to.
  private let root: String
  private let style: TextStyle
  private let sentences: SentenceLayout
  private let gutter: Gutter

  init(
    _ diagnostic: Diagnostic, command: [String], root: String, style: TextStyle,
    paths: PathDisplay
  ) {
    self.diagnostic = diagnostic
    self.command = command
    self.root = root
    self.style = style
    sentences = SentenceLayout(style: style, paths: paths)
    let place = diagnostic.label?.place
    let shown = [place?.line, place?.enclosingStatement?.number].compactMap(\.self)
    gutter = Gutter(style: style, lines: shown)
  }

  func lines() -> [StyledLine] {
    [headline] + marked + diagram + notes
      + (help.isEmpty ? [] : [StyledLine(weight: .paragraph)] + help)
      + [StyledLine(weight: .paragraph)] + [identity] + reference
  }

  private var headline: StyledLine {
    let severity = diagnostic.severity
    let kind = "\(severity.rawValue)[\(diagnostic.rule.rawValue)]"
    let title = style.clippedInMiddle(
      style.printable(diagnostic.title), to: style.width - kind.count - 2)
    return StyledLine(kind, severity == .error ? .error : .warning).appending(": " + title, .strong)
  }

  /// The place, and the program's text there.
  private var marked: [StyledLine] {
    guard let location = diagnostic.location else { return [gutter.bar(weight: .spacing)] }
    let room = gutter.room - 1
    let arrow = gutter.arrow(sentences.text(location, PartWidths(path: room, place: room)))
    guard let label = diagnostic.label else { return [arrow, gutter.bar(weight: .spacing)] }
    let snippet = Snippet(
      place: label.place, label: sentences.text(label.sentence, .label), gutter: gutter)
    return [arrow] + snippet.lines()
  }

  // MARK: Chain and notes

  private var diagram: [StyledLine] {
    guard let chain = diagnostic.chain, chain.kind == .reexecution else { return [] }
    return ChainDiagram(chain: chain, sentences: sentences, gutter: gutter).lines()
      + [gutter.bar(weight: .spacing)]
  }

  private var notes: [StyledLine] {
    let chain =
      switch diagnostic.chain?.kind {
      case .repetition: round
      case .waits: waits
      case .reexecution, nil: [StyledLine]()
      }
    return chain + diagnostic.notes.flatMap(lines)
  }

  private func lines(of note: Diagnostic.Note) -> [StyledLine] {
    let label = note.topic.label
    let text = sentences.text(note.sentence, .note(note.topic, room: gutter.room))
    guard note.topic == .unseen else { return gutter.note(label, text) }
    // One line is enough: the JSON report has all of it.
    let room = gutter.room - label.count - 2
    return Array(gutter.note(label, style.clippedAtEnd(text, to: room)).prefix(1))
  }

  /// The places of programs that bring each other back, up to the first one again.
  private var round: [StyledLine] {
    var places = diagnostic.chain?.steps.map { sentences.text($0.sentence, .round) } ?? []
    if places.count > Self.stepLimit + 1 {
      places.replaceSubrange(Self.stepLimit..<(places.count - 1), with: ["..."])
    }
    return gutter.note("round", places.joined(separator: " -> "))
  }

  private var waits: [StyledLine] {
    let steps = diagnostic.chain?.steps ?? []
    var texts = steps.prefix(Self.stepLimit).map { sentences.text($0.sentence, .wait) }
    if steps.count > Self.stepLimit {
      texts.append("so do \(steps.count - Self.stepLimit) more processes")
    }
    return texts.enumerated().flatMap { index, text in
      gutter.note(index == 0 ? "waits" : "and", text)
    }
  }

  // MARK: Help and end

  private var help: [StyledLine] {
    guard !diagnostic.advice.parts.isEmpty else { return [] }
    let label = "help: "
    let hang = String(repeating: " ", count: label.count)
    let advice = sentences.text(diagnostic.advice, .advice)
    let head = gutter.wrap(advice, to: style.width - label.count).enumerated().map { index, part in
      (index == 0 ? StyledLine(label, .help) : StyledLine(hang)).appending(part, .strong)
    }
    let other = diagnostic.alternative.map { alternative in
      gutter.wrap(sentences.text(alternative, .advice), to: style.width - hang.count)
        .map { StyledLine(hang + $0, weight: .hint) }
    }
    guard let fix = diagnostic.fix else { return head + (other ?? []) }
    return head + (other ?? []) + review(of: fix) + [StyledLine(weight: .paragraph)]
      + FixText(fix.files, root: root, style: style).lines()
      + [StyledLine(weight: .paragraph), howToApply]
  }

  /// The first doubt about the edits, in one line.
  private func review(of fix: Fix) -> [StyledLine] {
    guard let doubt = fix.doubts.first else { return [] }
    let label = "review: "
    let count = fix.doubts.count - 1
    let more = count > 0 ? "; and \(count) more" : ""
    let room = style.width - label.count - more.count
    let text = style.clippedAtEnd(sentences.text(doubt, .advice), to: room)
    return [StyledLine(label, .help).appending(text + more)]
  }

  private var howToApply: StyledLine {
    let label = "apply: "
    let fix = "spawntrace fix --apply -- "
    let isKnown = !command.isEmpty && HiddenArgument.areShown(command)
    let words = !isKnown ? "COMMAND" : style.printable(ShellWords.line(command))
    // The shorter forms are for long commands and narrow terminals.
    let forms = [(fix + words, ", which tries it first"), (fix + words, ""), (fix + "COMMAND", "")]
    let form =
      forms.first { DisplayText.width(of: label + $0 + $1) <= style.width } ?? forms[2]
    return StyledLine(label, .help).appending(form.0, .strong).appending(form.1)
  }

  private var identity: StyledLine {
    StyledLine("id \(diagnostic.fingerprint)" + (diagnostic.proof.map { "  \($0)" } ?? ""))
  }

  private var reference: [StyledLine] {
    switch diagnostic.reference {
    case .documentation(let address):
      // Half of an address leads nowhere: the page is enough.
      [StyledLine(address.count > style.width ? String(address.prefix { $0 != "#" }) : address)]
    case .explanation:
      [StyledLine("spawntrace explain \(diagnostic.rule.rawValue) says more", weight: .hint)]
    case nil: []
    }
  }
}
