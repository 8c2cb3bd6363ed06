package import TraceModel

/// The report about a run, which reporters turn into text, JSON and the rest.
package struct RunReport: Hashable, Sendable {
  /// The origin of the events.
  package enum Source: Hashable, Sendable {
    case live
    case recording(path: String)
    /// A log of strace(1).
    case strace(path: String)
  }

  package var toolVersion: String
  package var source: Source
  package var command: [String]
  package var workingDirectory: String
  /// The checkout that the run works on, to which fingerprints are relative; nil if nothing tells
  /// it.
  package var checkout: String?
  /// When the run began, in UTC (RFC 3339); nil if it isn't known.
  package var began: String?
  /// How the command ended; nil if it didn't.
  package var termination: Termination?
  /// The findings, gravest first.
  package var findings: [Finding]
  /// The processes by id; of those that ended and that nothing leads to, only as many as memory may
  /// hold.
  package var processes: [ProcessRecord]
  /// The number of further processes.
  package var omittedProcesses = 0
  /// The survey of all threads, if the run was ended from outside.
  package var survey: RunSurvey?
  /// The number of events.
  package var events: UInt64
  /// The number of events that are known to be missing.
  package var lost: UInt64
  /// Whether the end of the run is missing.
  package var isTruncated: Bool
  /// The run's beginning, in nanoseconds of the machine's monotonic clock; nil if it isn't known.
  package var monotonicStart: UInt64?
  /// The facts that could not be seen, and why.
  package var limitations: [Limitation]
  /// The edits that take findings' faults away, as far as the files' texts were read.
  package var fixes: [ProposedFix] = []

  package init(
    toolVersion: String, source: Source, command: [String], workingDirectory: String,
    termination: Termination?, findings: [Finding], processes: [ProcessRecord], events: UInt64,
    lost: UInt64 = 0, isTruncated: Bool = false, limitations: [Limitation] = []
  ) {
    self.toolVersion = toolVersion
    self.source = source
    self.command = command
    self.workingDirectory = workingDirectory
    self.termination = termination
    self.findings = findings
    self.processes = processes
    self.events = events
    self.lost = lost
    self.isTruncated = isTruncated
    self.limitations = limitations
  }

  /// The finding that decides the verdict: the gravest that isn't a guess; nil if there is none.
  package var gravest: Finding? {
    findings.first { $0.certainty != .guess }
  }

  /// The kind of the gravest finding, `healthy` if there is none.
  package var verdict: String {
    gravest?.rule.kind ?? "healthy"
  }

  /// The edit that takes a finding's fault away; nil if there is none.
  package func fix(for finding: Finding) -> ProposedFix? {
    fixes.first { $0.mends(finding) }
  }

  /// The edit for the gravest finding that has one.
  package var firstFix: ProposedFix? {
    findings.lazy.compactMap { fix(for: $0) }.first
  }

  /// The process with the number `id`; nil if there is none in the report.
  package subscript(process id: Int) -> ProcessRecord? {
    // If none is left out, the process stands at its number.
    if processes.indices.contains(id - 1), processes[id - 1].id == id { return processes[id - 1] }
    var range = processes.indices
    while let first = range.first {
      let middle = first + range.count / 2
      if processes[middle].id == id { return processes[middle] }
      range = processes[middle].id < id ? (middle + 1)..<range.upperBound : first..<middle
    }
    return nil
  }
}

extension RunReport {
  /// The folder that a diff's names are relative to, as `git apply` reads them: the checkout, or
  /// the directory in which the run began.
  package func rootOfDiffs(_ finding: Finding) -> String {
    guard let checkout, let path = finding.culprit?.path, path.hasPrefix(checkout + "/") else {
      return workingDirectory
    }
    return checkout
  }
}
