import Analysis
import TraceModel

/// A finding with what the report says elsewhere about its processes and places.
struct FindingContext {
  let finding: Finding
  let report: RunReport
  let style: TextStyle
  let paths: PathDisplay
  /// The process that shows it first.
  let witness: ProcessRecord?
  /// Who asked for that process.
  let parent: ProcessRecord?
  /// All the workers that the parent asked for, whether they show it or not.
  let workers: [ProcessRecord]

  init(_ finding: Finding, in report: RunReport, style: TextStyle) {
    self.finding = finding
    self.report = report
    self.style = style
    paths = PathDisplay(workingDirectory: report.workingDirectory, style: style)
    witness = finding.processes.first.flatMap { report[process: $0] }
    parent = witness?.logicalParent.flatMap { report[process: $0] }
    let parentID = parent?.id
    workers = report.processes.filter { process in
      parentID != nil && process.logicalParent == parentID && process.role.isReexecutingWorker
    }
  }

  /// Whether the process that shows it is a forkserver, not one of the workers.
  var isForkserver: Bool {
    witness?.role == .forkserver
  }

  /// The script as it is named in a sentence.
  var scriptName: String {
    finding.script.map { paths.short($0.path, to: 24) } ?? "the main script"
  }

  /// Where the reader is to look first, in at most `width` columns.
  func place(to width: Int) -> String {
    if let culprit = finding.culprit {
      return paths.location(culprit.path, culprit.line, to: width)
    }
    return finding.script.map { paths.short($0.path, to: width) } ?? "the main script"
  }

  /// What a program has said, as far as there is room for it beside why and what to do: a message of an
  /// exception may be a page long.
  func quoted(_ message: String) -> String {
    style.clippedAtEnd(style.printable(message), to: 240)
  }

  /// The name of the start method in a sentence.
  var startMethod: String {
    finding.startMethod?.rawValue ?? "spawn or forkserver"
  }

  // MARK: The culprit

  /// The frame of the proof's stack in which the culprit is.
  private var culpritFrame: PythonFrame? {
    finding.culprit.flatMap(finding.frame)
  }

  /// The `__name__` that the culprit's module has, where it is known.
  var culpritModule: String? {
    culpritFrame?.module
  }

  /// Whether the culprit is a statement of the script itself, whatever the name by which it was
  /// reached.
  var isInScript: Bool {
    guard let culprit = finding.culprit else { return false }
    return culprit.path == finding.script?.path || culpritModule == "__mp_main__"
      || culpritModule == "__main__"
  }

  /// Whether the culprit is a statement of a module, not of a function.
  var isModuleLevel: Bool {
    finding.culprit?.function == "<module>"
  }

  /// The first line of the statement at the margin that the culprit belongs to, where that is an
  /// earlier line.
  var enclosingStatement: SourceExcerpt.Statement? {
    guard let culprit = finding.culprit, let line = culprit.line,
      let statement = culprit.source?.statement, (1..<max(line, 1)).contains(statement.number)
    else { return nil }
    return statement
  }

  /// The culprit's line, where it was read and has text.
  var culpritSource: String? {
    let line = finding.culprit?.source?.line ?? ""
    return PythonLine.trimmed(line).isEmpty ? nil : line
  }

  // MARK: Places on the cycle

  /// Where the first process of the cycle started its workers.
  var parentCallSite: PythonFrame? {
    parent?.startAttempt.first
  }

  /// The line of the script on the parent's way to it.
  var parentScriptLine: Int? {
    scriptFrame(of: parent?.startAttempt ?? [], in: parent)?.line
  }

  /// The line of the script on the way to the second start.
  var witnessScriptLine: Int? {
    isInScript
      ? finding.culprit?.line : scriptFrame(of: finding.stack, in: witness)?.line
  }

  /// Whether the parent came by the culprit too.
  var isSameWay: Bool {
    guard let parent, let culprit = finding.culprit else { return false }
    return parent.startAttempt.contains { frame in
      frame.line == culprit.line && isSameFile(frame.path, culprit.path, in: parent)
    }
  }

  private func scriptFrame(of frames: [PythonFrame], in process: ProcessRecord?) -> PythonFrame? {
    finding.script.flatMap { script in
      frames.first { $0.isModule && isSameFile($0.path, script.path, in: process) }
    }
  }

  private func isSameFile(_ path: String, _ other: String, in process: ProcessRecord?) -> Bool {
    path == other || absolute(path, in: process) == other
  }

  /// A frame's path from the root on.
  func absolute(_ path: String, in process: ProcessRecord?) -> String {
    PathDisplay.absolute(path, in: process?.workingDirectory ?? report.workingDirectory)
  }
}

extension Role {
  /// Whether it is a worker that runs its parent's script again.
  var isReexecutingWorker: Bool {
    self == .spawnWorker || self == .forkserverWorker
  }
}
