internal import TraceModel

/// Judges a run by one rule of the contract.
///
/// It is asked about the changes that it names, in the order of the events, and keeps what it has to
/// remember. The findings are kept apart, so that rules see what others have found.
protocol Judge: Sendable {
  /// The changes that it is asked about.
  static var changes: Change.Kinds { get }

  /// Whether it goes on when spawntrace ends the tree: what happens then is mostly spawntrace's doing.
  static var judgesTheEnding: Bool { get }

  /// Judges what an event changed. Returns what it finds and is to be announced now; what shows a known
  /// finding again is added to that.
  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding]

  /// The command has ended by itself: corrects what was expected by what was seen.
  mutating func conclude(_ termination: Termination, _ findings: inout Findings)

  /// A process has ended, and its end was judged.
  mutating func forget(_ process: Int)
}

extension Judge {
  static var judgesTheEnding: Bool { false }

  mutating func conclude(_ termination: Termination, _ findings: inout Findings) {}

  mutating func forget(_ process: Int) {}
}

extension Findings {
  /// If the run exits with 0 all the same, nothing shows its caller what was found.
  mutating func mask(_ rule: Rule, by termination: Termination) {
    if termination == .status(0) { changeAll(of: rule) { $0.consequence = .masked } }
  }
}
