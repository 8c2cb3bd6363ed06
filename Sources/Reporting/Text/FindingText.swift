import Analysis
import Diagnostics
import TraceModel

/// What a rule has to say in words about a finding; where and how it is written is the same for all.
protocol FindingSentences {
  /// What is said at the culprit.
  var label: String { get }
  /// What follows the program's text, each under a name.
  var notes: [(label: String, text: String)] { get }
  /// What to change.
  var advice: String { get }
  /// The change as a small diff; empty where words must do.
  var fix: [CycleFix.Line] { get }
}

extension FindingSentences {
  var fix: [CycleFix.Line] { [] }
}

/// The text of a finding, line by line.
struct FindingText {
  private let context: FindingContext
  private let sentences: any FindingSentences
  private let gutter: Gutter

  init(_ context: FindingContext, _ sentences: any FindingSentences) {
    self.context = context
    self.sentences = sentences
    let shown = [context.finding.culprit?.line, context.enclosingStatement?.number]
    gutter = Gutter(
      style: context.style, lines: shown.compactMap(\.self) + CycleFix.numbers(sentences.fix))
  }

  func lines() -> [StyledLine] {
    let rule = context.finding.rule
    let kind = "\(rule.severity.rawValue)[\(rule.rawValue)]"
    let title = context.style.clippedInMiddle(
      context.style.printable(context.finding.title), to: context.style.width - kind.count - 2)
    var lines = [
      StyledLine(kind, rule.severity == .error ? .error : .warning).appending(": " + title, .strong)
    ]
    if context.finding.culprit != nil {
      lines.append(gutter.arrow(context.place(to: gutter.room - 1)))
      lines += Snippet(context: context, gutter: gutter, label: sentences.label).lines()
    } else {
      lines.append(gutter.bar(weight: .spacing))
    }
    for note in sentences.notes {
      lines += gutter.note(note.label, context.style.printable(note.text))
    }
    lines.append(StyledLine(weight: .paragraph))
    lines += gutter.wrap(sentences.advice, to: context.style.width - 6).enumerated().map {
      StyledLine($0 == 0 ? "help: " : "      ", .help).appending($1, .strong)
    }
    if !sentences.fix.isEmpty {
      lines.append(gutter.bar(weight: .spacing))
      lines += sentences.fix.map { $0.line(in: gutter) }
    }
    lines.append(StyledLine(weight: .paragraph))
    lines.append(StyledLine(CycleSentences(context: context).identity))
    lines.append(StyledLine("spawntrace explain \(rule.rawValue) says more", weight: .hint))
    return lines
  }
}

extension FindingContext {
  /// A place in at most `width` columns.
  func shown(_ place: SourceLocation?, to width: Int = 40) -> String? {
    place.map { paths.location($0.path, $0.line, to: width) }
  }

  /// Why a worker runs the main script at all, and that a forked one doesn't.
  var importReason: String {
    "under \(startMethod), each worker imports the main script as `__mp_main__`; under fork, none did"
      + defaultMethod
  }

  /// A word on a method that a program may not have chosen.
  var defaultMethod: String {
    guard let python = finding.python, python >= PythonVersion(major: 3, minor: 14),
      finding.startMethod == .forkserver
    else { return "" }
    return " (forkserver is the default on Linux since Python 3.14, before it was fork)"
  }
}
