package import Analysis
import Diagnostics
import TraceModel

/// The processes as a tree, each below its logical parent. Equal processes with equal trees below
/// them are shown once.
package struct ProcessTreeText {
  /// How many lines are shown: more are not read.
  private static let lineLimit = 200
  /// How deep the tree is shown: a deeper one is a chain that goes on in the same way.
  private static let depthLimit = 40

  private let report: RunReport
  private let style: TextStyle
  private let paths: PathDisplay
  private let children: [Int: [ProcessRecord]]
  private let folding: ProcessFolding

  package init(_ report: RunReport, style: TextStyle) {
    self.report = report
    self.style = style
    paths = PathDisplay(workingDirectory: report.workingDirectory, style: style)
    children = Dictionary(
      grouping: report.processes.filter { $0.logicalParent != nil }, by: { $0.logicalParent ?? 0 })
    folding = ProcessFolding(report.processes, children: children)
  }

  /// The tree, each line with its end; empty if there is no process.
  package var text: TerminalText {
    let ids = Set(report.processes.map(\.id))
    let roots = report.processes.filter { $0.logicalParent.map { !ids.contains($0) } ?? true }
    guard !roots.isEmpty else { return TerminalText() }
    let omitted = report.omittedProcesses
    let more = omitted > 0 ? ", the last of \(report.processes.count + omitted)" : ""
    var lines = ["processes\(more), each below the process that asked for it:"]
    lines += groups(roots, depth: 0).flatMap { self.lines(of: $0, head: "  ", below: "  ") }
    if lines.count > Self.lineLimit {
      let rest = lines.count - Self.lineLimit
      lines =
        lines.prefix(Self.lineLimit) + [
          "  \(style.ellipsis) and \(rest) more lines; --json FILE has all"
        ]
    }
    return TerminalText(lines.map { StyledLine($0) }, in: style)
  }

  /// Equal processes, and what is below the first of them; or those that are only counted, and
  /// have no members.
  private struct Group: Hashable {
    var what: String
    var groups: [Group] = []
    var isCut = false
    /// Not compared.
    var members: [ProcessRecord] = []

    static func == (one: Group, other: Group) -> Bool {
      one.what == other.what && one.isCut == other.isCut && one.groups == other.groups
        && zip(one.groups, other.groups).allSatisfy { $0.members.count == $1.members.count }
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(what)
      hasher.combine(groups)
    }
  }

  private func groups(_ processes: [ProcessRecord], depth: Int) -> [Group] {
    var groups: [Group] = []
    var indices: [Group: Int] = [:]
    for process in processes {
      var group = group(of: process, depth: depth)
      if let index = indices[group] {
        groups[index].members.append(process)
      } else {
        indices[group] = groups.count
        group.members = [process]
        groups.append(group)
      }
    }
    return groups
  }

  /// A process with what is below it. Of a chain of other programs the middle is left out.
  private func group(of process: ProcessRecord, depth: Int) -> Group {
    let what = describe(process)
    guard depth < Self.depthLimit else {
      return Group(what: what, isCut: children[process.id]?.isEmpty == false)
    }
    if let chain = folding.chain(from: process) {
      var last = group(of: chain.last, depth: depth + 2)
      last.members = [chain.last]
      return Group(what: what, groups: [Group(what: chain.between, groups: [last])])
    }
    let below = folding.parts(below: process)
    let others = below.others.map { [Group(what: $0)] } ?? []
    return Group(what: what, groups: others + groups(below.shown, depth: depth + 1))
  }

  private func lines(of group: Group, head: String, below: String) -> [String] {
    let count = group.members.count
    let pid = group.members.first?.pid.shown ?? ""
    let times = count > 1 ? "\(count)\(style.unicode ? "×" : " x") " : ""
    let pids = count > 1 ? ", \(pid) and \(count - 1) more" : count == 1 ? ", \(pid)" : ""
    let whole = head + times + group.what + pids
    // How many there are is said already.
    let isWide = DisplayText.width(of: whole) > style.width && count > 1
    var lines = [isWide ? head + times + group.what + ", \(pid) ..." : whole]
    if group.isCut { lines.append("\(below)\(style.ellipsis) deeper") }
    for (index, child) in group.groups.enumerated() {
      let isLast = index == group.groups.count - 1
      let branch = style.unicode ? (isLast ? "└─ " : "├─ ") : (isLast ? "`- " : "|- ")
      let line = isLast ? "   " : style.unicode ? "│  " : "|  "
      lines += self.lines(of: child, head: below + branch, below: below + line)
    }
    return lines
  }

  /// A process without its number.
  private func describe(_ process: ProcessRecord) -> String {
    var text = process.role.rawValue
    if let script = process.script {
      text += " \(paths.short(script.path, to: 40)) as \(script.runsAs)"
    } else if process.role == .shell || process.role == .other || process.role == .subprocess
      || process.role == .main
    {
      text +=
        " "
        + style.clippedAtEnd(
          style.printable(process.commandLine.joined(separator: " ")), to: 40)
    }
    switch process.termination {
    case .status(0): break
    case .status(let status): text += ", status \(status)"
    case .signal(let signal): text += ", \(SignalName.of(signal))"
    case nil: text += ", still running"
    }
    if let site = process.site?.callSite {
      text += ", from \(paths.location(site.path, site.line, to: 30))"
    }
    return text
  }
}
