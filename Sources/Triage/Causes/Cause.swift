package import Analysis
package import TraceModel

/// One fault, and all inputs that show it.
package struct Cause: Sendable {
  package var rule: Rule
  package var severity: Severity
  package var certainty: Certainty
  package var fingerprint: String
  package var title: String
  package var culprit: Spot?
  package var callSite: Spot?
  package var startMethod: StartMethod?
  /// The names of all inputs, sorted.
  package var inputs: [String]
  package var firstSeen: Moment?
  package var lastSeen: Moment?
  package var blame: Blame
  /// The owners of the place's file.
  package var owners: [String] = []
  /// What people have written down of it; nil if nothing.
  package var known: KnownCause?
  /// How many of the inputs are of jobs that passed.
  package var passedRuns = 0
  /// What the inputs say, as they say it: what joining with other inputs needs.
  package var accounts: [Account: Set<Sighting>]

  /// At most three of the inputs: the strongest first.
  package var examples: [String]

  /// Whose code it is about.
  package enum Blame: String, Hashable, Sendable {
    /// The script that was started.
    case entryScript = "entry-script"
    /// Another file of the user's.
    case module
    /// An installed package, or the standard library.
    case package
    /// A limit of the machine: a worker was killed from outside, or there were too many processes.
    case environment
    /// Only a text says it, or no place is known.
    case unsure
  }

  /// Where it is: the culprit, or else the call site.
  package var place: Spot? { culprit ?? callSite }
}
