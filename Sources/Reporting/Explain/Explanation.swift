package import Analysis

/// What `spawntrace explain` says of a rule: what it means, an example, why it is so, what to do.
package struct Explanation {
  package let rule: Rule
  /// In one line, without a full stop.
  package let summary: String
  private let meaning: String
  private let example: String
  private let remedy: String

  init(_ rule: Rule, _ summary: String, meaning: String, example: String, remedy: String) {
    self.rule = rule
    self.summary = summary
    self.meaning = meaning
    self.example = example
    self.remedy = remedy
  }

  /// The whole text, each line with its end.
  package var text: String {
    """
    \(rule.rawValue) \(rule.kind) (\(rule.severity.rawValue)): \(summary)

    \(meaning)

    EXAMPLE

    \(Self.indented(example))

    WHAT TO DO

    \(remedy)

    """
  }

  /// The explanation of a rule by its number or its name; nil where there is no such rule.
  package static func of(_ name: String) -> Explanation? {
    let name = name.lowercased()
    return all.first { $0.rule.rawValue.lowercased() == name || $0.rule.kind == name }
  }

  package static let all: [Explanation] = [
    reexecCycle, respawnLoop, forkBomb, subprocessCycle, selfExecLoop, deadlock, reexecSideEffect,
    workerCrash, unpicklableTarget,
  ]

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }
}
