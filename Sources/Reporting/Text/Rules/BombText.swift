import Analysis
import Diagnostics
import TraceModel

/// The text of a run with more processes than are allowed, line by line.
struct BombText {
  private let finding: Finding
  private let report: RunReport
  private let style: TextStyle
  private let gutter: Gutter

  init(_ finding: Finding, in report: RunReport, style: TextStyle) {
    self.finding = finding
    self.report = report
    self.style = style
    gutter = Gutter(style: style, lines: [])
  }

  func lines() -> [StyledLine] {
    let kind = "\(finding.rule.severity.rawValue)[\(finding.rule.rawValue)]"
    var lines = [StyledLine(kind, .error).appending(": " + finding.title, .strong)]
    lines.append(gutter.bar(weight: .spacing))
    for maker in mostProlific {
      lines += gutter.note("who", describe(maker.id, children: maker.children))
    }
    lines.append(StyledLine(weight: .paragraph))
    lines.append(
      StyledLine("help: ", .help).appending(
        "where so many are meant, allow them with --max-processes N", .strong))
    lines.append(StyledLine(weight: .paragraph))
    lines.append(StyledLine("id \(finding.fingerprint)"))
    return lines
  }

  /// Those that asked for the most processes which are alive, at most five.
  private var mostProlific: [(id: Int, children: Int)] {
    var children: [Int: Int] = [:]
    for process in report.processes where process.endedAt == nil {
      if let parent = process.logicalParent { children[parent, default: 0] += 1 }
    }
    return children.map { (id: $0.key, children: $0.value) }
      .sorted { $0.children == $1.children ? $0.id < $1.id : $0.children > $1.children }
      .prefix(5).map { $0 }
  }

  private func describe(_ id: Int, children: Int) -> String {
    guard let process = report[process: id] else { return "" }
    let count = children == 1 ? "1 process that lives" : "\(children) processes that live"
    let command = style.clippedAtEnd(
      style.printable(process.arguments.joined(separator: " ")), to: gutter.room - 50)
    return "\(process.pid.shown) has started \(count): \(command)"
  }
}
