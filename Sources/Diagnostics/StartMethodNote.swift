internal import Analysis
internal import Multiprocessing
internal import TraceModel

extension FindingContext {
  /// The start method of the workers: whose default it is, or what has chosen it. nil if that isn't
  /// known.
  var startMethodNote: Diagnostic.Note? {
    guard let method = finding.startMethod, isAboutWorkers,
      let choice = choice(of: method, finding.python)
    else { return nil }
    return .init(.startMethod, "\(name: method.rawValue), " + choice)
  }

  private var isAboutWorkers: Bool {
    switch finding.detail {
    case .repeats, .deadlock, .liveProcesses: false
    default: true
    }
  }

  private func choice(of method: StartMethod, _ python: PythonVersion?) -> Sentence? {
    if method == .loky { return "the method of joblib's and loky's executors" }
    let chosen = chosenAt(method)
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

  /// Where the workers were asked for. A finding about what can't be sent to one is its parent's.
  private var site: StartSite? {
    finding.rule == .unpicklableTarget ? nil : witness?.site
  }

  /// The only line with a call that chooses the method by its name, in the files on the way to the
  /// start; nil if there are several, or none.
  private func chosenAt(_ method: StartMethod) -> SourceLocation? {
    let starter = finding.rule == .unpicklableTarget ? witness : parent
    let places =
      [site?.callSite, site?.culprit, finding.callSite, finding.culprit].compactMap(\.self)
      + (starter?.startAttempt ?? []).map {
        SourceLocation(
          path: report.absolute($0.path, in: starter), line: $0.line, function: $0.function,
          source: $0.source)
      }
    var found: [SourceLocation] = []
    for place in places {
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
