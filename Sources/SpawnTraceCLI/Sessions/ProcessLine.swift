internal import Analysis
internal import Bytes
internal import Diagnostics
internal import Reporting
internal import TraceModel

/// The line that `-v` prints for a process as it starts: its role, its script, and where its
/// logical parent asked for it.
struct ProcessLine {
  private static let style = TextStyle(color: false, unicode: ColorChoice.isUnicode)

  let text: String

  /// nil if no process begins its work with the event.
  init?(_ event: Event, in forest: ProcessForest) {
    guard let id = forest.id(of: event.process) else { return nil }
    let record = forest[id]
    switch event.kind {
    case .executed: break
    // These processes execute nothing.
    case .started
    where record.role == .forkserverWorker
      || record.role == .forkWorker && record.site?.isFork == true:
      break
    default: return nil
    }
    let directory = record.workingDirectory ?? "/"
    var text = "[\(event.process.rawValue)] \(record.role.rawValue)"
    switch record.role {
    case .spawnWorker, .forkserverWorker, .forkWorker:
      // The script that it will run again is its parent's.
      if let script = record.logicalParent.flatMap({ forest[$0].script }) {
        text += " of \(script.path.path(relativeTo: directory))"
      }
    default:
      if let script = record.script {
        text += " \(script.path.path(relativeTo: directory)) as \(script.runsAs)"
      } else if record.role == .other || record.role == .shell || record.role == .subprocess {
        text += " " + Self.style.clippedAtEnd(record.commandLine.joined(separator: " "), to: 120)
      }
    }
    let way = RepeatedMain.Way(record) { forest[$0] }
    if let way { text += way.remark }
    if let parent = record.logicalParent {
      text += ", asked for by \(forest[parent].pid.rawValue)"
      if let site = record.site?.callSite {
        text += " at \(site.path.path(relativeTo: directory))"
        if let line = site.line { text += ":\(line)" }
      }
    }
    self.text = Self.style.printable(text)
  }

  /// The line for a worker that imports the main script again; nil if it doesn't with this event,
  /// or was known to.
  init?(importing event: Event, in forest: ProcessForest, known: inout Set<Int>) {
    guard case .opened = event.kind, let id = forest.id(of: event.process),
      !known.contains(id), let script = forest[id].script,
      case .imports(_, let method)? = RepeatedMain.Way(forest[id], { forest[$0] })
    else { return nil }
    known.insert(id)
    let path = script.path.path(relativeTo: forest[id].workingDirectory ?? "/")
    text =
      "[\(event.process.rawValue)] imports \(path) again as \(script.runsAs): \(method.rawValue) "
      + "prepares its workers so"
  }
}

extension RepeatedMain.Way {
  /// What is said behind a program that starts.
  fileprivate var remark: String {
    switch self {
    case .imports: ""
    case .restarted(let added):
      " again" + (added.isEmpty ? "" : " (with \(added.prefix(3).joined(separator: ", ")))")
    case .startedAgain: " again"
    case .replaced(let times): " again (execve \(times))"
    }
  }
}
