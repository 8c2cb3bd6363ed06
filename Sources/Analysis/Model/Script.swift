package import TraceModel

/// The script that an interpreter executes.
package struct Script: Hashable, Sendable {
  package enum Evidence: String, Hashable, Sendable {
    /// The process opened it.
    case opened
    /// The data for a worker's preparation names it.
    case prepared
    /// The command line names it.
    case declared
  }

  package var path: String
  package var identity: FileIdentity?
  /// The `__name__` under which it runs: `__main__` or `__mp_main__`.
  package var runsAs: String
  package var evidence: Evidence

  package init(path: String, identity: FileIdentity?, runsAs: String, evidence: Evidence) {
    self.path = path
    self.identity = identity
    self.runsAs = runsAs
    self.evidence = evidence
  }
}
