package import Analysis
import Multiprocessing
internal import TraceModel

/// A finding with what the report says elsewhere about its processes and places.
package struct FindingContext {
  package let finding: Finding
  package let report: RunReport
  /// The process that shows the finding first.
  package let witness: ProcessRecord?
  /// The logical parent of that process.
  package let parent: ProcessRecord?
  /// All workers of the parent, whether they show the finding or not.
  package let workers: [ProcessRecord]

  package init(_ finding: Finding, in report: RunReport) {
    self.finding = finding
    self.report = report
    witness = finding.processes.first.flatMap { report[process: $0] }
    parent = witness?.logicalParent.flatMap { report[process: $0] }
    let parentID = parent?.id
    workers = report.processes.filter { process in
      parentID != nil && process.logicalParent == parentID && process.role.isReexecutingWorker
    }
  }

  /// Whether the process that shows the finding is a forkserver, not one of the workers.
  package var isForkserver: Bool {
    witness?.role == .forkserver
  }

  /// Where to look first; nil if no place is known.
  package var location: Sentence? {
    if let culprit = finding.culprit { return "\(place: culprit.place)" }
    return finding.rule == .reexecCycle ? script : nil
  }

  /// Where the user's code started the process, and the module's statement that called this code;
  /// nil if no stack shows it.
  var callSite: Sentence? {
    finding.callSite.map { site in
      "\(place: site.place)" + (caller.map { ", called from \(place: $0)" } ?? "")
    }
  }

  /// The module's statement that called the code which started the process; nil if that is the same
  /// line.
  var caller: Place? {
    let site = finding.callSite?.place
    let starts = ([witness].compactMap(\.self) + workers).compactMap(\.site)
    let caller = starts.first { $0.callSite?.place == site }?.culprit?.place
    return caller == site ? nil : caller
  }

  /// Where the culprit, which calls other code, starts processes; nil if it does that itself.
  var startBelowCulprit: Diagnostic.Note? {
    guard let site = finding.callSite?.place, let culprit = finding.culprit?.place, site != culprit
    else { return nil }
    return .init(.started, "at \(place: site), called from \(place: culprit)")
  }

  /// The script in a sentence.
  var script: Sentence {
    finding.script.map { "\(path: $0.path)" } ?? "the main script"
  }

  /// The start method in a sentence.
  var startMethod: String {
    finding.startMethod?.rawValue ?? "spawn or forkserver"
  }

  // MARK: Places on the cycle

  /// Where the first process of the cycle started its workers.
  var parentCallSite: PythonFrame? {
    parent?.startAttempt.first
  }

  /// The line of the script that led the parent to its first start of a worker.
  var parentScriptLine: Int? {
    scriptFrame(of: parent?.startAttempt ?? [], in: parent)?.line
  }

  /// The line of the script that led to the second start.
  var witnessScriptLine: Int? {
    finding.isInScript
      ? finding.culprit?.line : scriptFrame(of: finding.stack, in: witness)?.line
  }

  /// Whether the parent's way to its start of workers led over the culprit, too.
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
    path == other || report.absolute(path, in: process) == other
  }
}
