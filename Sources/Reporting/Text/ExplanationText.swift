internal import Analysis
package import Diagnostics

/// What `spawntrace explain` prints about a rule.
package enum ExplanationText {
  /// All that the catalogue has about a rule, each line with its end.
  package static func full(_ rule: RuleDescription) -> String {
    """
    \(rule.number) \(rule.kind) (\(rule.severity.rawValue)): \(rule.summary)

    \(rule.meaning)
    \(messages(of: rule))
    EXAMPLE

    \(indented(rule.example))

    WHAT TO DO

    \(rule.remedy)

    """
  }

  private static func messages(of rule: RuleDescription) -> String {
    rule.messages.isEmpty ? "" : "\nWHAT PYTHON SAYS\n\n\(rule.messages)\n"
  }

  /// One line about a rule, with its end.
  package static func line(_ rule: RuleDescription) -> String {
    let space = String(repeating: " ", count: max(1, 20 - rule.kind.count))
    return "\(rule.number)  \(rule.kind)\(space)\(rule.summary)\n"
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }
}
