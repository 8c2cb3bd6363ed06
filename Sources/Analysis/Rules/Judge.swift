internal import TraceModel

/// Judges a run by one rule of the contract.
///
/// A judge receives the changes that it names, in the order of the events, and keeps what it has to
/// remember. The findings are kept apart: rules see what others have found.
protocol Judge: Sendable {
  /// The kinds of changes that it receives.
  static var changes: Change.Kinds { get }

  /// Whether the judge goes on when spawntrace ends the tree: what happens then is mostly
  /// spawntrace's doing.
  static var judgesTheEnding: Bool { get }

  /// Judges the change of an event. Returns new findings that are to be announced now. A process
  /// that shows a known finding again is added to that finding.
  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding]

  /// Corrects expectations by what was seen, because the command has ended by itself.
  mutating func conclude(_ termination: Termination, _ findings: inout Findings)

  /// Forgets a process that has ended, after its end was judged.
  mutating func forget(_ process: Int)
}

extension Judge {
  static var judgesTheEnding: Bool { false }

  mutating func conclude(_ termination: Termination, _ findings: inout Findings) {}

  mutating func forget(_ process: Int) {}
}

extension Findings {
  /// Marks a rule's findings as masked if the run exits with 0 all the same: its caller sees no
  /// error.
  mutating func mask(_ rule: Rule, by termination: Termination) {
    if termination == .status(0) { changeAll(of: rule) { $0.consequence = .masked } }
  }
}
