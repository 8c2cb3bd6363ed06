package import Analysis
internal import Diagnostics

/// The start methods of a run's workers, and whose default they are or which line chose them.
///
/// Findings about workers say it themselves.
package struct StartMethodText {
  private let report: RunReport
  private let style: TextStyle

  package init(_ report: RunReport, style: TextStyle) {
    self.report = report
    self.style = style
  }

  /// The text, a line for each method and choice; empty if there are no workers, or findings.
  package var text: TerminalText {
    guard report.findings.isEmpty else { return TerminalText() }
    let paths = PathDisplay(workingDirectory: report.workingDirectory, style: style)
    let layout = SentenceLayout(style: style, paths: paths)
    let lines = StartMethodChoice.sentences(in: report).flatMap {
      layout.wrapped("start method: " + $0, .advice, indent: "")
    }
    return TerminalText(lines.map { StyledLine($0) }, in: style)
  }
}
