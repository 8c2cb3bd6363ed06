package import Analysis
package import TraceModel

/// What a JSON report of spawntrace says of a run.
package struct ReportedRun: Hashable, Sendable {
  static let schema = "spawntrace-report"
  /// The newest version of the schema that is known.
  static let version = 1

  package var command: [String]
  package var workingDirectory: String
  /// The checkout that the run worked on; nil if the report doesn't say it.
  package var checkout: String?
  /// When the run began (RFC 3339); nil if the report doesn't say it.
  package var began: String?
  /// The kind of the gravest finding, or `healthy`.
  package var verdict: String
  /// Whether the end of the run is missing.
  package var isTruncated: Bool
  /// Gravest first.
  package var findings: [ReportedFinding]
  /// Rules of findings that only a newer spawntrace knows.
  package var unknownRules: [String]
  /// The paths of the processes' scripts, each once, in the processes' order.
  package var scripts: [String]

  package var isHealthy: Bool { verdict == "healthy" }
}

/// A finding of a JSON report.
package struct ReportedFinding: Hashable, Sendable {
  package var rule: Rule
  package var severity: Severity
  package var certainty: Certainty
  package var title: String
  /// The path of the script that is run again.
  package var script: String?
  package var culprit: SourceLocation?
  package var callSite: SourceLocation?
  /// Innermost first. Reports up to version 0.1 have no source text in it.
  package var stack: [PythonFrame]
  package var startMethod: StartMethod?
  package var python: PythonVersion?
  package var occurrences: Int
  package var fingerprint: String
  /// What the fingerprint is made of; nil if the report doesn't say it, as with `v1:`.
  package var identity: Identity?

  package struct Identity: Hashable, Sendable {
    package var places: [SourceLocation]
    package var circumstance: String?
  }
}
