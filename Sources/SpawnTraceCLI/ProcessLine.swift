internal import Analysis
internal import TraceModel

/// The line that `-v` says for a process as it starts.
struct ProcessLine {
  let text: String

  /// nil where the event begins no process's work.
  init?(_ event: Event, in forest: ProcessForest) {
    guard let id = forest.id(of: event.process) else { return nil }
    let record = forest.record(id)
    switch event.kind {
    case .executed: break
    case .started where record.role == .forkserverWorker: break
    default: return nil
    }
    var text = "[\(event.process.rawValue)] \(record.role.rawValue)"
    if let script = record.script {
      text += " \(script.path.path(relativeTo: record.workingDirectory ?? "/")) as \(script.runsAs)"
    } else if record.role == .other || record.role == .shell || record.role == .subprocess {
      text += " " + record.arguments.joined(separator: " ").prefix(120)
    }
    if let parent = record.logicalParent {
      text += ", asked for by \(forest.record(parent).pid.rawValue)"
    }
    self.text = text
  }
}
