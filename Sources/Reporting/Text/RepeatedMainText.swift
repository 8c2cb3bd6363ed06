package import Analysis
internal import Diagnostics

/// Which scripts ran more than once, and why.
package struct RepeatedMainText {
  /// How many sentences are shown for a script.
  private static let limit = 6

  private let report: RunReport
  private let style: TextStyle

  package init(_ report: RunReport, style: TextStyle) {
    self.report = report
    self.style = style
  }

  /// The text; empty if no script ran more than once.
  package var text: TerminalText {
    let paths = PathDisplay(workingDirectory: report.workingDirectory, style: style)
    let layout = SentenceLayout(style: style, paths: paths)
    let lines = RepeatedMain.all(in: report).flatMap { repeated in
      var lines = ["why \(paths.short(repeated.script, to: 60)) runs more than once:"]
      lines += repeated.sentences.prefix(Self.limit).flatMap {
        layout.wrapped($0, .advice, indent: "  ")
      }
      let rest = repeated.sentences.count - Self.limit
      if rest > 0 { lines.append("  \(style.ellipsis) and \(rest) more ways") }
      return lines
    }
    return TerminalText(lines.map { StyledLine($0) }, in: style)
  }
}
