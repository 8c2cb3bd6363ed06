package import Analysis
internal import Multiprocessing
package import TraceModel

/// Why workers were started by a method: whose default it is, or what has chosen it.
package struct StartMethodChoice {
  let method: StartMethod
  let python: PythonVersion?
  /// Where the worker was asked for.
  let site: StartSite?
  /// The process that asked for it.
  let starter: ProcessRecord?
  /// Further places on the way to the start.
  var places: [SourceLocation] = []
  let report: RunReport

  /// nil if nothing is known of it.
  package var sentence: Sentence? {
    choice.map { "\(name: method.rawValue), " + $0 }
  }

  /// What is said of the workers of a run, once for each method and line.
  package static func sentences(in report: RunReport) -> [Sentence] {
    var result: [Sentence] = []
    let roles: Set<Role> = [.spawnWorker, .forkWorker, .forkserverWorker]
    for worker in report.processes where roles.contains(worker.role) {
      guard let method = worker.startMethod,
        let sentence = StartMethodChoice(of: worker, started: method, in: report).sentence
      else { continue }
      if !result.contains(sentence) { result.append(sentence) }
    }
    return result
  }

  /// Whether it is known what has chosen the method: the version of Python, or a line of the source.
  package var isExplained: Bool {
    method == .loky || python?.defaultMethod == method || chosenAt != nil
  }

  /// The only line that chooses the method by its name; nil if there is none, or several.
  var chosenPlace: Place? { chosenAt?.place }

  /// Whether nothing chose the method but Python's version.
  var isDefault: Bool { chosenAt == nil && python?.defaultMethod == method }

  private var choice: Sentence? {
    if method == .loky { return "the method of joblib's and loky's executors" }
    let chosen = chosenAt
    let line: Sentence =
      chosen.map {
        let call =
          $0.source?.line.contains("get_context(") == true ? "get_context" : "set_start_method"
        return ": \(code: call) at \(place: $0.place)"
      } ?? ""
    if let python, python.defaultMethod == method {
      let name = "Python \(python.major).\(python.minor)'s default on Linux"
      if chosen != nil { return "\(name: name), and chosen" + line }
      let other =
        method == .forkserver
        ? " (before 3.14: fork)" : python.major == 3 ? " (since 3.14: forkserver)" : ""
      return "\(name: name)\(other)"
    }
    // Spawn is no version's default on Linux.
    guard python != nil || method == .spawn else { return nil }
    if chosen != nil { return "chosen by the program" + line }
    return
      site?.isDefaultContext == true
      ? "chosen by set_start_method"
      : "chosen by the program or a library (a context, or set_start_method)"
  }

  /// The only line with a call that chooses the method by its name, in the files on the way to the
  /// start; nil if there are several, or none.
  private var chosenAt: SourceLocation? {
    let all =
      [site?.callSite, site?.culprit].compactMap(\.self) + places
      + (starter?.startAttempt ?? []).map {
        SourceLocation(
          path: report.absolute($0.path, in: starter), line: $0.line, function: $0.function,
          source: $0.source)
      }
    var found: [SourceLocation] = []
    for place in all {
      for line in place.source?.methodLines ?? []
      where line.names(method)
        && !(site?.isDefaultContext == true && line.line.contains("get_context("))
      {
        let location = SourceLocation(
          path: place.path, line: line.number, function: "",
          source: SourceExcerpt(line: PythonLine.trimmed(line.line)))
        if !found.contains(location) { found.append(location) }
      }
    }
    return found.count == 1 ? found.first : nil
  }
}

extension StartMethodChoice {
  /// The choice of a worker's method.
  package init(of worker: ProcessRecord, started method: StartMethod, in report: RunReport) {
    self.init(
      method: method, python: worker.python, site: worker.site,
      starter: worker.logicalParent.flatMap { report[process: $0] }, report: report)
  }
}

extension StartMethodChoice {
  /// The choice of the method of the workers that a finding is about.
  package init(of finding: Finding, started method: StartMethod, in report: RunReport) {
    let witness = finding.processes.first.flatMap { report[process: $0] }
    // A finding about what can't be sent to a worker is its parent's.
    let isOfParent = finding.rule == .unpicklableTarget
    self.init(
      method: method, python: finding.python, site: isOfParent ? nil : witness?.site,
      starter: isOfParent ? witness : witness?.logicalParent.flatMap { report[process: $0] },
      places: [finding.callSite, finding.culprit].compactMap(\.self), report: report)
  }
}

extension SourceExcerpt.Statement {
  fileprivate func names(_ method: StartMethod) -> Bool {
    line.contains("\"\(method.rawValue)\"") || line.contains("'\(method.rawValue)'")
  }
}

extension PythonVersion {
  /// The start method on Linux that a program needn't choose (Lib/multiprocessing/context.py).
  fileprivate var defaultMethod: StartMethod {
    self >= PythonVersion(major: 3, minor: 14) ? .forkserver : .fork
  }
}
