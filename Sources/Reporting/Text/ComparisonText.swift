package import Analysis
package import Comparison
import Diagnostics
import TraceModel

/// What `diff` prints: the first departure with all that is known of it, then the others in a line
/// each.
package struct ComparisonText {
  /// How many of the others are shown.
  private static let limit = 12

  private let comparison: Comparison
  private let good: RunReport
  private let bad: RunReport
  private let style: TextStyle

  package init(_ comparison: Comparison, good: RunReport, bad: RunReport, style: TextStyle) {
    self.comparison = comparison
    self.good = good
    self.bad = bad
    self.style = style
  }

  package var text: TerminalText {
    TerminalText(lines, in: style)
  }

  private var lines: [StyledLine] {
    guard let first = comparison.differences.first else { return [same] + notes }
    var lines = wrapped("first departure: ", .strong, shown(first.title, bad))
    if let place = first.place {
      lines += labelled("at", location(place) + (first.source.map { " " + excerpt($0) } ?? ""))
    }
    lines += labelled("good", first.good.map { shown($0, good) } ?? "nothing")
    lines += labelled("bad", first.bad.map { shown($0, bad) } ?? "nothing")
    let reasons = titles(of: comparison.reasons)
    if !reasons.isEmpty {
      let more = reasons.count - Self.reasonLimit
      lines += labelled(
        "perhaps because",
        reasons.prefix(Self.reasonLimit).joined(separator: "; ")
          + (more > 0 ? "; and \(more) more differences" : ""))
    }
    if let help = first.help {
      lines.append(StyledLine(""))
      lines += wrapped("help: ", .help, shown(help, bad))
    }
    let rest = titles(
      of: comparison.differences.dropFirst().filter { !comparison.reasons.contains($0) })
    if !rest.isEmpty {
      lines.append(StyledLine(""))
      lines.append(StyledLine("then, the gravest first:", .strong))
      lines += rest.prefix(Self.limit).map { StyledLine("  " + $0) }
      let more = rest.count - Self.limit
      if more > 0 {
        lines.append(StyledLine("  \(style.ellipsis) and \(more) more; --json FILE has all"))
      }
    }
    return lines + notes
  }

  private static let reasonLimit = 3

  /// A line for each difference. Those that read the same are one, and so are several variables.
  private func titles(of differences: some Sequence<Difference>) -> [String] {
    var titles: [(text: String, count: Int)] = []
    var names: [String] = []
    var index: Int?
    for difference in differences {
      if let name = difference.variable {
        names.append(style.printable(name))
        if index == nil {
          index = titles.count
          titles.append((line(difference), 1))
        }
        continue
      }
      let text = line(difference)
      if let known = titles.firstIndex(where: { $0.text == text }) {
        titles[known].count += 1
      } else {
        titles.append((text, 1))
      }
    }
    if let index, names.count > 1 {
      let shown = names.prefix(Self.nameLimit).joined(separator: ", ")
      let more = names.count - Self.nameLimit
      titles[index].text =
        "\(names.count) variables differ: " + shown + (more > 0 ? " and \(more) more" : "")
    }
    return titles.map { $0.count > 1 ? "\($0.text) (\($0.count) times)" : $0.text }
  }

  private static let nameLimit = 5

  private var same: StyledLine {
    let groups = comparison.sameGroups
    return StyledLine("nothing differs: ", .strong).appending(
      "\(groups == 1 ? "the process is" : "all \(groups) kinds of processes are") in both runs, "
        + "and both end alike")
  }

  // MARK: Parts

  private func line(_ difference: Difference) -> String {
    let title = shown(difference.title, bad)
    guard let place = difference.place, !difference.title.hasPlace else { return title }
    return location(place) + ": " + title
  }

  private func labelled(_ label: String, _ text: String) -> [StyledLine] {
    wrapped("  \(label): ", .gutter, text)
  }

  /// A label and a text on as many lines as it needs, each indented as far as the label's begins.
  private func wrapped(_ label: String, _ tone: StyledLine.Tone, _ text: String) -> [StyledLine] {
    let margin = label.prefix { $0 == " " }.count + 2
    var lines: [StyledLine] = []
    var line = StyledLine(label, tone)
    var isEmpty = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let width = DisplayText.width(of: String(word)) + (isEmpty ? 0 : 1)
      if !isEmpty, line.width + width > style.width {
        lines.append(line)
        line = StyledLine(String(repeating: " ", count: margin))
        isEmpty = true
      }
      line.append((isEmpty ? "" : " ") + word)
      isEmpty = false
    }
    return lines + [line]
  }

  private func shown(_ sentence: Sentence, _ run: RunReport) -> String {
    let paths = PathDisplay(workingDirectory: run.workingDirectory, style: style)
    var widths = PartWidths()
    (widths.path, widths.quoted, widths.isLibraryShort) = (48, style.width - 10, true)
    return SentenceLayout(style: style, paths: paths).text(sentence, widths)
  }

  private func location(_ place: Place) -> String {
    let run = bad.holds(place) ? bad : good
    return PathDisplay(workingDirectory: run.workingDirectory, style: style)
      .location(place.path, place.line, to: 48)
  }

  private func excerpt(_ source: String) -> String {
    style.clippedAtEnd(
      "`" + style.printable(String(source.drop { $0 == " " || $0 == "\t" })) + "`", to: 48)
  }

  /// What is said besides.
  private var notes: [StyledLine] {
    var notes: [String] = []
    let count = comparison.sessionVariables
    if count > 0 {
      let variables =
        count == 1 ? "1 variable differs that names" : "\(count) variables differ that name"
      notes.append(variables + " the job, the host or the session; that counts for nothing")
    }
    if !comparison.comparesHidden {
      notes.append(
        "arguments and values of variables are not compared: the recordings have only hashes of "
          + "them, with different keys; set SPAWNTRACE_KEY for both runs, or record them with "
          + "--record-arguments")
    }
    for (name, run) in [("good", good), ("bad", bad)] {
      if run.isTruncated { notes.append("the \(name) run's end is missing in its file") }
      if run.omittedProcesses > 0 {
        notes.append(
          "\(run.omittedProcesses) processes of the \(name) run are not compared: the report has "
            + "no room for them")
      }
    }
    return notes.flatMap { wrapped("note: ", .help, $0) }
  }
}

extension Sentence {
  fileprivate var hasPlace: Bool {
    parts.contains { if case .place = $0 { true } else { false } }
  }
}

extension RunReport {
  /// Whether a place lies in the folder of the run.
  fileprivate func holds(_ place: Place) -> Bool {
    place.path.hasPrefix(
      workingDirectory.hasSuffix("/") ? workingDirectory : workingDirectory + "/")
  }
}
