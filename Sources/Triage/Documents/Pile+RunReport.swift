package import Analysis
internal import CILog
internal import Diagnostics
internal import Multiprocessing
internal import TraceModel

extension Pile {
  /// Adds what the report of a run says.
  package mutating func add(_ report: RunReport, input: String) {
    let root = Root(
      ofRunIn: report.workingDirectory, checkout: report.checkout, command: report.command,
      scripts: report.processes.compactMap(\.script?.path))
    let sighting = Sighting(
      input: input, root: root, first: report.began.flatMap { Moment($0) })
    for finding in report.findings {
      add(Account(finding, root: root?.path), sighting)
    }
    addVerdict(isHealthy: report.verdict == "healthy", isTruncated: report.isTruncated, input)
  }

  /// Adds what a JSON report says.
  mutating func add(_ report: ReportedRun, input: String) {
    let root = Root(
      ofRunIn: report.workingDirectory, checkout: report.checkout, command: report.command,
      scripts: report.scripts)
    let sighting = Sighting(
      input: input, root: root, first: report.began.flatMap { Moment($0) })
    for finding in report.findings {
      add(Account(finding, root: root?.path), sighting)
    }
    addVerdict(isHealthy: report.isHealthy, isTruncated: report.isTruncated, input)
  }

  private mutating func addVerdict(isHealthy: Bool, isTruncated: Bool, _ input: String) {
    guard isHealthy else { return }
    // What was not seen isn't healthy.
    if isTruncated { addSilent(input) } else { addHealthy(input) }
  }
}

extension Root {
  /// The checkout of a run: as its environment told it, as CI hosts name it, or else the folder in
  /// which it began. nil if nothing tells it.
  init?(ofRunIn directory: String, checkout: String?, command: [String], scripts: [String]) {
    if let checkout {
      self.init(checkout, .checkout)
    } else if let checkout = CheckoutFolder(around: directory + "/-") {
      self.init(checkout)
    } else if directory.hasPrefix("/") {
      self.init(directory, .directory)
    } else {
      // A log of strace tells no directory. Where the command names a script by a relative path, the
      // script's own path shows it.
      let names = command.dropFirst().filter { !$0.hasPrefix("-") && !$0.hasPrefix("/") }
      self.init(scripts: scripts, namedBy: names)
    }
  }

  /// The folder from which a command names scripts by relative paths; nil if none of them is there.
  init?(scripts: [String], namedBy names: [String]) {
    for name in names {
      let tail = PortablePath.slashed(name)
      guard tail.hasSuffix(".py"), !PortablePath.isAbsolute(tail) else { continue }
      for script in scripts.map({ PortablePath.slashed($0) })
      where PortablePath.isAbsolute(script) && script.hasSuffix("/" + tail) {
        self.init(String(script.dropLast(tail.count + 1)), .directory)
        return
      }
    }
    return nil
  }
}

extension Account {
  /// What a finding says.
  init(_ finding: Finding, root: String?) {
    let culprit = finding.culprit.map { Spot($0, root: root) }
    let places = finding.identity.places.map { Spot($0, root: root) }
    self.init(
      .run, finding.rule, finding.severity, finding.certainty, title: finding.title,
      startMethod: finding.startMethod,
      places: places.isEmpty ? [culprit].compactMap(\.self) : places,
      circumstance: finding.identity.circumstance,
      frames: finding.stack.users.map { Spot($0, root: root) },
      script: (finding.script?.path).map { Spot(script: $0, root: root) }, culprit: culprit,
      callSite: finding.callSite.map { Spot($0, root: root) },
      fingerprint: finding.fingerprint)
  }
}

extension Account {
  /// What a finding of a JSON report says.
  init(_ finding: ReportedFinding, root: String?) {
    let culprit = finding.culprit.map { Spot($0, root: root) }
    // Reports with the first version of fingerprints don't say what they are made of.
    let places =
      finding.identity?.places.map { Spot($0, root: root) } ?? [culprit].compactMap(\.self)
    self.init(
      .run, finding.rule, finding.severity, finding.certainty, title: finding.title,
      startMethod: finding.startMethod, places: places,
      circumstance: finding.identity?.circumstance,
      frames: finding.stack.users.map { Spot($0, root: root) },
      script: finding.script.map { Spot(script: $0, root: root) }, culprit: culprit,
      callSite: finding.callSite.map { Spot($0, root: root) }, fingerprint: finding.fingerprint)
  }
}
