package import Analysis
import Diagnostics
package import TraceModel

/// The report for people, modelled on rustc's: what and where, why, how to fix it.
package struct TextReport {
  /// How many lines the text of a finding has at most: 25 with the empty line before it, which
  /// separates it from the program's own output.
  package static let maximumLines = 24

  package let style: TextStyle
  /// How wide the one line of a finding may be.
  private let shortWidth: Int
  private let command: () -> [String]?

  /// - Parameters:
  ///   - command: Returns the command as it was typed; nil for the one that the report has.
  ///   - shortWidth: How wide the one line of a finding may be. People search for titles, so it is
  ///   wider than other lines.
  package init(
    style: TextStyle, command: @escaping () -> [String]? = { nil }, shortWidth: Int = 120
  ) {
    self.style = style
    self.command = command
    self.shortWidth = shortWidth
  }

  /// All that is said about a finding: at most `maximumLines` lines, none wider than the style has
  /// it, each with its end. The lines of a diff come in addition, and are as wide as they are.
  package func finding(_ finding: Finding, in report: RunReport) -> TerminalText {
    let diagnostic = Diagnostic(finding, in: report)
    let lines = FindingText(
      diagnostic, command: command() ?? report.command, root: report.rootOfDiffs(finding),
      style: style,
      paths: paths(of: report)
    ).lines()
    return TerminalText(Self.fitted(lines), in: style)
  }

  /// What every thread did when the run was ended from outside, each line with its end; empty if it
  /// wasn't.
  package func survey(in report: RunReport) -> TerminalText {
    TerminalText(SurveyText(report, style: style)?.lines() ?? [], in: style)
  }

  /// Where the threads were when Ctrl-C came, in a few lines, each with its end.
  package func shortSurvey(in report: RunReport) -> TerminalText {
    TerminalText(SurveyText(report, style: style)?.shortLines() ?? [], in: style)
  }

  /// A finding in one line that editors and `grep` understand.
  package func short(_ finding: Finding, in report: RunReport) -> TerminalText {
    var wide = style
    wide.width = max(style.width, shortWidth)
    return TerminalText([TextReport(style: wide).oneLine(finding, in: report)], in: wide)
  }

  private func oneLine(_ finding: Finding, in report: RunReport) -> StyledLine {
    let (rule, severity) = (finding.rule.rawValue, finding.severity.rawValue)
    let kind = ": \(severity)[\(rule)]: "
    let identity = " [\(finding.fingerprint)]"
    let title = style.printable(finding.title)
    guard let location = FindingContext(finding, in: report).location else {
      return StyledLine("\(severity)[\(rule)]: \(title)\(identity)")
    }
    // The place is for editors: it gives way only to a title that would say nothing any more.
    let shared = style.width - kind.count - identity.count
    let place = shown(
      location, in: report, to: shared - min(DisplayText.width(of: title), 24))
    let room = shared - DisplayText.width(of: place)
    var line = StyledLine(place, .strong)
    line.append(": ")
    line.append("\(severity)[\(rule)]", finding.severity == .error ? .error : .warning)
    line.append(": " + style.clippedInMiddle(title, to: room) + identity)
    return line
  }

  private func paths(of report: RunReport) -> PathDisplay {
    PathDisplay(workingDirectory: report.workingDirectory, style: style)
  }

  /// A place in at most `width` columns.
  private func shown(_ location: Sentence, in report: RunReport, to width: Int) -> String {
    SentenceLayout(style: style, paths: paths(of: report))
      .text(location, PartWidths(path: width, place: width))
  }

  /// The one line at the end of a run.
  ///
  /// - Parameters:
  ///   - ending: How spawntrace itself ends, or ended when it recorded the run; nil if unknown.
  ///   - isStopped: Whether spawntrace ended the traced processes.
  package func verdictLine(
    _ report: RunReport, ending: Termination?, isStopped: Bool
  ) -> TerminalText {
    let end =
      switch ending {
      case .status(let status): "exit \(status)"
      case .signal(let signal): "signal \(signal)"
      case nil: "its end is not known"
      }
    let tail = "; \(isStopped ? "stopped, " : "")\(end)"
    let gravest = report.gravest
    let head = "spawntrace: "
    let room = style.width - head.count - report.verdict.count - 2 - tail.count
    let text = gravest.map { summary($0, of: report, to: room) } ?? summary(ofHealthy: report)
    var line = StyledLine(head)
    line.append(report.verdict, gravest?.severity == .error ? .error : .strong)
    line.append(": " + style.clippedAtEnd(text, to: room) + tail)
    return TerminalText([line], in: style)
  }

  // MARK: Parts of the verdict

  /// A place that is cut to less says too little.
  private static let shortestPlace = 24

  private func summary(_ finding: Finding, of report: RunReport, to width: Int) -> String {
    let context = FindingContext(finding, in: report)
    guard finding.rule == .reexecCycle, let location = context.location else {
      let place = context.location.map { shown($0, in: report, to: width / 2) + ": " } ?? ""
      return style.clippedAtEnd(place + style.printable(finding.title), to: width)
    }
    let place = shown(location, in: report, to: .max)
    let runner = finding.cycle?.runner ?? "each worker"
    let others = report.findings.count - 1
    let tail = others > 0 ? ", and \(others) more" : ""
    // The place says more than the facts: keep as many facts as there is room for.
    for facts in facts(context) {
      let text = " is run again by \(runner)\(facts)\(tail)"
      if DisplayText.width(of: place + text) <= width {
        return place + text
      }
    }
    // Where there is little room, the place is what must be left.
    for text in [" is run again by \(runner)\(tail)", " is run again\(tail)", " is run again"] {
      let room = width - DisplayText.width(of: text)
      if room >= min(DisplayText.width(of: place), Self.shortestPlace) {
        return shown(location, in: report, to: room) + text
      }
    }
    return shown(location, in: report, to: width)
  }

  /// What to say in parentheses about the processes: several forms, the longest first.
  private func facts(_ context: FindingContext) -> [String] {
    guard let method = context.finding.startMethod?.rawValue, !context.isForkserver else {
      return [""]
    }
    let count = context.workers.count
    let workers = count == 1 ? "1 worker" : "\(count) workers"
    return (count > 0 ? [" (\(workers), \(method))"] : []) + [" (\(method))", ""]
  }

  private func summary(ofHealthy report: RunReport) -> String {
    let count = report.processes.count
    let workers = report.processes.count { $0.role.isWorker }
    let processes = count == 1 ? "1 process" : "\(count) processes"
    let facts =
      switch workers {
      case 0: "\(processes), no workers"
      case 1: "\(processes), 1 of them a worker"
      default: "\(processes), \(workers) of them workers"
      }
    let isFromText = report.findings.contains { !$0.isOfChain }
    return facts + (isFromText ? "; what a text only says is a guess" : "")
  }

  /// Leaves lines out until a report may have the rest: the lightest first, and of those the last.
  private static func fitted(_ lines: [StyledLine]) -> [StyledLine] {
    var lines = lines
    for weight in [StyledLine.Weight.spacing, .paragraph, .hint] {
      while lines.countWithoutDiff > maximumLines,
        let index = lines.lastIndex(where: { $0.weight == weight })
      {
        lines.remove(at: index)
      }
    }
    // The last two name the finding and its explanation.
    while lines.countWithoutDiff > maximumLines {
      lines.remove(at: lines.dropLast(2).lastIndex { $0.weight != .verbatim } ?? 0)
    }
    return lines
  }
}

extension [StyledLine] {
  fileprivate var countWithoutDiff: Int { count { $0.weight != .verbatim } }
}

extension Role {
  fileprivate var isWorker: Bool {
    isReexecutingWorker || self == .forkWorker
  }
}
