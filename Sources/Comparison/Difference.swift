package import Diagnostics

/// Something in which two runs differ.
package struct Difference: Hashable, Sendable {
  /// What differs. The order is that of the weights: a difference that explains others comes before
  /// them.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Workers of the same place are started by another method.
    case startMethod = "start-method"
    /// A statement of the main script is executed in workers, too.
    case lostGuard = "lost-guard"
    /// A module starts a process when it is imported.
    case importStartsProcess = "import-starts-process"
    case interpreter
    /// The command's script or its arguments.
    case command
    /// A variable of the environment in which the run began.
    case environment
    /// The program of a child.
    case program
    /// The arguments of a child.
    case arguments
    case addedProcess = "added-process"
    case missingProcess = "missing-process"
    case finding
    /// How a process ended.
    case exit
    /// Python's helpers: a tracker, a server of workers.
    case helper
  }

  package var kind: Kind
  /// The difference in one sentence, without a full stop.
  package var title: Sentence
  /// What the good run has there; nil for nothing.
  package var good: Sentence?
  /// What the bad run has there; nil for nothing.
  package var bad: Sentence?
  /// Where it can be seen in the source: in the bad run, or else in the good one.
  package var place: Place?
  /// The text of that line.
  package var source: String?
  /// The variable that it is about; nil for all else.
  package var variable: String?
  /// What to do, in one sentence; nil if that isn't known.
  package var help: Sentence?
  /// The processes of the good run that show it, by their numbers in its report.
  package var goodProcesses: [Int] = []
  package var badProcesses: [Int] = []
  /// Whether it is known why it is so, if it is a start method.
  var isExplained = true
  /// Whether it is about workers of which there are more or fewer kinds.
  var isOfWorkers = false
  /// Whether it is probably chance, and comes behind all others.
  var isSlight = false
  /// Among those of its kind: the smaller, the earlier.
  var rank = 0

  init(_ kind: Kind, _ title: Sentence, good: Sentence? = nil, bad: Sentence? = nil) {
    self.kind = kind
    self.title = title
    self.good = good
    self.bad = bad
  }
}

extension Difference.Kind {
  var weight: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
