package import TraceModel

/// All that is said about a run: what reporters turn into text, JSON and the rest.
package struct RunReport: Hashable, Sendable {
  /// Where the events came from.
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
  /// How the command ended; nil where it didn't.
  package var termination: Termination?
  /// Gravest first.
  package var findings: [Finding]
  /// By id; of those that ended and that nothing leads to, not more than can be kept in memory.
  package var processes: [ProcessRecord]
  /// How many there were beside them.
  package var omittedProcesses = 0
  /// What all threads did, where the run was ended from outside.
  package var survey: RunSurvey?
  /// How many events there were.
  package var events: UInt64
  /// How many are known to be missing.
  package var lost: UInt64
  /// Whether the end of the run is missing.
  package var isTruncated: Bool
  /// When the run began, in nanoseconds of the machine's monotonic clock; nil where nobody knows.
  package var monotonicStart: UInt64?
  /// What could not be seen, and why.
  package var limitations: [Limitation]

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

  /// The kind of the gravest finding, `healthy` where there is none.
  package var verdict: String {
    findings.first?.rule.kind ?? "healthy"
  }

  /// The process with the number `id`; nil where there is none, or none that is told of.
  package subscript(process id: Int) -> ProcessRecord? {
    // Where none is left out, it stands at its number.
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
