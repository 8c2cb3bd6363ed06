package import TraceModel

/// The rules of the contract.
package enum Rule: String, Hashable, Sendable, CaseIterable {
  case reexecCycle = "ST101"
  case forkBomb = "ST103"
  case deadlock = "ST106"

  /// The name under which reports and verdicts have it.
  package var kind: String {
    switch self {
    case .reexecCycle: "reexec-cycle"
    case .forkBomb: "fork-bomb"
    case .deadlock: "deadlock"
    }
  }

  package var severity: Severity {
    switch self {
    case .reexecCycle, .forkBomb, .deadlock: .error
    }
  }
}

package enum Severity: String, Hashable, Sendable {
  case error
  case note
}

/// How sure a finding is.
package enum Certainty: String, Hashable, Sendable {
  /// Seen.
  case proven
  /// Inferred from arguments and structure.
  case likely
  /// From a log's text only.
  case guess
}

/// What a cycle does to the run.
package enum Consequence: String, Hashable, Sendable {
  /// The workers die or give up, and the run goes on or ends.
  case contained
  /// Dead workers are replaced for ever.
  case respawning
  /// The parent waits for ever for a worker that is dead.
  case blocked
  /// The error is swallowed: the run would end as if nothing had been.
  case masked
}

/// A place in the program's text.
package struct SourceLocation: Hashable, Sendable {
  /// Absolute.
  package var path: String
  package var line: Int?
  package var function: String
  package var source: SourceExcerpt?

  package init(path: String, line: Int?, function: String, source: SourceExcerpt?) {
    self.path = path
    self.line = line
    self.function = function
    self.source = source
  }
}

/// What a rule found.
package struct Finding: Hashable, Sendable {
  package var rule: Rule
  package var certainty: Certainty
  package var consequence: Consequence?
  /// What is said first, in one sentence without a full stop.
  package var title: String
  /// The script that is run again.
  package var script: Script?
  /// The statement whose execution at import starts the process.
  package var culprit: SourceLocation?
  /// The innermost frame of the user's code.
  package var callSite: SourceLocation?
  /// The Python stack of the proof, innermost first, paths absolute.
  package var stack: [PythonFrame]
  /// The native stack at the same moment, with the Python frames in their places, where it was read.
  package var nativeStack: MixedStack?
  /// The method by which the worker that proves it was started.
  package var startMethod: StartMethod?
  package var python: PythonVersion?
  /// Who shows it, in the order in which they did; the first `processLimit` of them.
  package var processes: [Int]
  /// How many show it beside them.
  package var furtherProcesses = 0
  package var provenAt: TraceTime
  package var provenByEvent: UInt64
  /// The same for the same fault in other runs, checkouts and hosts.
  package var fingerprint: String

  /// How many processes show it.
  package var occurrences: Int {
    processes.count + furtherProcesses
  }

  /// More say no more, and a bomb has millions.
  package static let processLimit = 1000

  package init(
    rule: Rule, certainty: Certainty, title: String, stack: [PythonFrame], processes: [Int],
    provenAt: TraceTime, provenByEvent: UInt64, fingerprint: String
  ) {
    self.rule = rule
    self.certainty = certainty
    self.title = title
    self.stack = stack
    self.processes = processes
    self.provenAt = provenAt
    self.provenByEvent = provenByEvent
    self.fingerprint = fingerprint
  }
}
