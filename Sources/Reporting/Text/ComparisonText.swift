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

  /// The text, each line with its end.
  package var text: String {
    lines.map { $0.rendered(in: style) + "\n" }.joined()
  }

  private var lines: [StyledLine] {
    guard let first = comparison.differences.first else { return [same] + notes }
    var lines = [StyledLine("first departure: ", .strong).appending(shown(first.title, bad))]
    if let place = first.place {
      lines.append(labelled("at", location(place) + (first.source.map { " " + excerpt($0) } ?? "")))
    }
    lines += sides(first)
    if !comparison.reasons.isEmpty {
      let reasons = comparison.reasons.prefix(3).map { shown($0.title, bad) }
      let more = comparison.reasons.count - reasons.count
      lines.append(
        labelled(
          "perhaps because",
          reasons.joined(separator: "; ") + (more > 0 ? "; and \(more) more differences" : "")))
    }
    let rest = comparison.differences.dropFirst()
    if !rest.isEmpty {
      lines.append(StyledLine(""))
      lines.append(StyledLine("then, the gravest first:", .strong))
      lines += rest.prefix(Self.limit).map(line)
      let more = rest.count - Self.limit
      if more > 0 {
        lines.append(StyledLine("  \(style.ellipsis) and \(more) more; --json FILE has all"))
      }
    }
    return lines + notes
  }

  private var same: StyledLine {
    let groups = comparison.sameGroups
    return StyledLine("nothing differs: ", .strong).appending(
      "\(groups == 1 ? "the process is" : "all \(groups) kinds of processes are") in both runs, "
        + "and both end alike")
  }

  // MARK: Parts

  private func sides(_ difference: Difference) -> [StyledLine] {
    [
      labelled("good", difference.good.map { shown($0, good) } ?? "nothing"),
      labelled("bad", difference.bad.map { shown($0, bad) } ?? "nothing"),
    ]
  }

  private func line(_ difference: Difference) -> StyledLine {
    var line = StyledLine("  ")
    if let place = difference.place, !difference.title.hasPlace {
      line.append(location(place) + ": ", .strong)
    }
    return line.appending(shown(difference.title, bad))
  }

  private func labelled(_ label: String, _ text: String) -> StyledLine {
    StyledLine("  \(label): ", .gutter).appending(text)
  }

  private func shown(_ sentence: Sentence, _ run: RunReport) -> String {
    let paths = PathDisplay(workingDirectory: run.workingDirectory, style: style)
    var widths = PartWidths()
    (widths.path, widths.quoted) = (48, style.width - 10)
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
    for (name, run) in [("good", good), ("bad", bad)] {
      if run.isTruncated { notes.append("the \(name) run's end is missing in its file") }
      if run.omittedProcesses > 0 {
        notes.append(
          "\(run.omittedProcesses) processes of the \(name) run are not compared: the report has "
            + "no room for them")
      }
    }
    return notes.map { StyledLine("note: ", .help).appending($0) }
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
