package import Analysis
internal import Bytes
internal import Multiprocessing
package import TraceModel

/// A script that more than one process of a run has executed: which, by what mechanism, and what
/// has started them. It is no fault.
package struct RepeatedMain {
  /// Absolute.
  package let script: String
  /// One for each mechanism and starter.
  package let sentences: [Sentence]

  /// The scripts that ran more than once, in the order of appearance. Processes that an error names
  /// are left out: the error says it.
  package static func all(in report: RunReport) -> [RepeatedMain] {
    let accused = Set(report.findings.filter { $0.rule.severity == .error }.flatMap(\.processes))
    var groups: [Group] = []
    for process in report.processes where !accused.contains(process.id) {
      guard let script = process.script?.path, let way = Way(process, in: report) else { continue }
      let group = Group(script: script, way: way, starter: process.logicalParent)
      if let index = groups.firstIndex(where: { $0.isSame(as: group) }) {
        groups[index].processes.append(process)
      } else {
        groups.append(group)
        groups[groups.count - 1].processes = [process]
      }
    }
    var scripts: [String] = []
    for group in groups where !scripts.contains(group.script) { scripts.append(group.script) }
    return scripts.map { script in
      RepeatedMain(
        script: script,
        sentences: groups.filter { $0.script == script }.map { $0.sentence(in: report) })
    }
  }

  private struct Group {
    let script: String
    let way: Way
    let starter: Int?
    var processes: [ProcessRecord] = []

    func isSame(as other: Group) -> Bool {
      script == other.script && way == other.way && starter == other.starter
    }

    func sentence(in report: RunReport) -> Sentence {
      let by = starter.flatMap { report[process: $0] }.map { $0.pid.shown } ?? "its parent"
      let count = processes.count
      let first = processes.first?.pid.shown ?? "a process"
      let subject = count > 1 ? "\(first) and \(count - 1) more" : first
      let asMain: Sentence = ", as \(code: MainModule.name): "
      switch way {
      case .imports(.forkserver, _):
        return
          "the forkserver of \(by) imports it as \(code: MainModule.nameInWorker), once for all of "
          + "its workers"
      case .imports(let role, let method):
        let workers = count > 1 ? "\(count) \(role.rawValue)s" : "\(role.rawValue) \(first)"
        return
          "\(workers) of \(by) \(count > 1 ? "import" : "imports") it as "
          + "\(code: MainModule.nameInWorker): \(method.rawValue) prepares each worker so"
      case .restarted(let added):
        let names = added.prefix(3).map { "\(code: $0)" as Sentence }
        let mark: Sentence =
          names.first.map { first in
            let all = names.dropFirst().reduce(first) { $0 + ", " + $1 }
            return "with " + all + (added.count > 3 ? ", ... set" : " set")
          } ?? "with another environment"
        return "\(subject)" + asMain + "restarted by \(by), as reloaders do, " + mark
      case .startedAgain:
        return "\(subject)" + asMain + "started by \(by) with the same arguments"
      case .replaced(let times):
        return
          "\(subject) has replaced itself by it \(times == 1 ? "once" : "\(times) times") (execve)"
      }
    }
  }

  /// How a script came to be executed again.
  package enum Way: Hashable, Sendable {
    /// A worker, or a server of workers, imports its logical parent's script.
    case imports(Role, StartMethod)
    /// A child executes what an ancestor executes, with further variables in its environment.
    case restarted(added: [String])
    /// A child executes what an ancestor executes.
    case startedAgain
    /// The process has executed it before.
    case replaced(times: Int)

    /// nil if the process doesn't execute a script that it or an ancestor executed before.
    package init?(_ process: ProcessRecord, in report: RunReport) {
      self.init(process) { report[process: $0] }
    }

    /// - Parameter record: The record of a process by its number.
    package init?(_ process: ProcessRecord, _ record: (Int) -> ProcessRecord?) {
      guard let script = process.script else { return nil }
      if script.runsAs == MainModule.nameInWorker {
        // A server's worker has the server's copy of the module.
        if process.role == .forkserverWorker,
          let server = process.parent.flatMap(record), server.script?.path == script.path
        {
          return nil
        }
        guard script.evidence == .opened else { return nil }
        self = .imports(process.role, process.startMethod ?? .forkserver)
        return
      }
      guard let state = process.scriptState, process.role == .main || process.role == .subprocess
      else { return nil }
      let times = process.earlierImages.count { $0.runs(state, in: process) }
      if times > 0 {
        self = .replaced(times: times)
        return
      }
      var next = process.logicalParent
      for _ in 0..<100 {
        guard let ancestor = next.flatMap(record) else { return nil }
        if let other = ancestor.scriptState, other.target == state.target,
          other.arguments == state.arguments
        {
          self =
            other.environment == state.environment
            ? .startedAgain : .restarted(added: state.addedVariables)
          return
        }
        next = ancestor.logicalParent
      }
      return nil
    }
  }
}

extension ProcessRecord.Image {
  /// Whether the image executed the same script or module with the same arguments.
  fileprivate func runs(_ state: ScriptState, in process: ProcessRecord) -> Bool {
    guard PythonCommandLine.isInterpreter(executable) else { return false }
    let line = PythonCommandLine(arguments)
    guard line.targetArguments == state.arguments else { return false }
    switch (line.target, state.target) {
    case (.script(let name), _):
      return name.absolutePath(in: process.workingDirectory ?? "/") == process.script?.path
    case (.module(let name), .module(let other)): return name == other
    default: return false
    }
  }
}
