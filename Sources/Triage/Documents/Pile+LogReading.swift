internal import Analysis
internal import CILog
internal import TraceModel

extension Pile {
  /// Adds what the text of a CI log says.
  mutating func add(_ log: LogReading, input: String) {
    for fault in log.faults {
      guard let rule = Rule(rawValue: fault.rule) else { continue }
      let root = Root(of: fault, in: log)
      add(
        Account(fault, rule, root: root?.path),
        Sighting(
          input: input, root: root, first: (fault.firstSeen ?? log.firstSeen).flatMap(Moment.init),
          last: (fault.lastSeen ?? log.lastSeen).flatMap(Moment.init)))
    }
    if log.placelessMessages > 0 { addPlaceless(input) }
    for trouble in log.troubles.keys { addTrouble(trouble.rawValue, input) }
    if log.passed == true { addPassed(input) }
    guard log.faults.isEmpty else { return }
    if log.passed == true, log.placelessMessages == 0 {
      addHealthy(input)
    } else {
      addSilent(input)
    }
  }
}

extension Moment {
  fileprivate init?(_ time: LogTime) {
    self.init(time.description)
  }
}

extension Root {
  /// The checkout in which a fault's files lie: one that the log names, one of a CI host's, or the
  /// folder from which a command of the log names the script.
  fileprivate init?(of fault: LogFault, in log: LogReading) {
    let paths =
      ([fault.culprit?.path, fault.callSite?.path, fault.script].compactMap(\.self)
      + fault.userFrames.map(\.path)).map { PortablePath.slashed($0) }
    let named = log.roots.map { PortablePath.slashed($0) }
    for path in paths {
      if let root = named.first(where: { PortablePath.relative(path, to: $0) != nil }) {
        self.init(root, .checkout)
        return
      }
      if let checkout = CheckoutFolder(around: path) {
        self.init(checkout)
        return
      }
    }
    let words = log.commands.flatMap { $0.split(separator: " ").map(String.init) }
    self.init(scripts: paths, namedBy: words)
  }
}

extension Account {
  /// What a log says of a fault. A text is never a proof.
  fileprivate init(_ fault: LogFault, _ rule: Rule, root: String?) {
    var isReport = false
    if case .ownReport = fault.kind { isReport = true }
    let culprit = fault.culprit.map { Spot($0, root: root) }
    self.init(
      .log, rule, rule.severity, fault.isWhole || isReport ? .likely : .guess,
      title: fault.title(rule), startMethod: fault.startMethod,
      places: [culprit].compactMap(\.self),
      frames: fault.userFrames.map { Spot($0, root: root) },
      script: fault.script.map { Spot(script: $0, root: root) }, culprit: culprit,
      callSite: fault.callSite.map { Spot($0, root: root) }, fingerprint: fault.fingerprint)
  }
}

extension LogFault {
  /// The fault in one sentence, without a full stop.
  fileprivate func title(_ rule: Rule) -> String {
    switch kind {
    case .ownReport: return message
    case .reexecCycle:
      let path = script ?? culprit.flatMap { $0.isModule ? $0.path : nil }
      let name = path.map { String(PortablePath.name(PortablePath.slashed($0))) }
      return "\(name ?? "the main script") is run again by each worker that it starts"
    case .unpicklable:
      if let missingName { return "a worker does not find `\(missingName)`" }
      return "what a worker should run can't be sent to it, or isn't found there"
    case .workerCrash: return "a worker died"
    }
  }
}
