internal import Analysis
package import Diagnostics

/// What `spawntrace explain` prints about a rule.
package enum ExplanationText {
  /// All that the catalogue has about a rule, each line with its end.
  package static func full(_ rule: RuleDescription) -> TerminalText {
    let text =
      """
      \(rule.number) \(rule.kind) (\(rule.severity.rawValue)): \(rule.summary)

      \(rule.meaning)
      \(messages(of: rule))
      EXAMPLE

      \(indented(rule.example))

      WHAT TO DO

      \(rule.remedy)
      """
    return TerminalText(
      lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
      unicode: true)
  }

  private static func messages(of rule: RuleDescription) -> String {
    rule.messages.isEmpty ? "" : "\nWHAT PYTHON SAYS\n\n\(rule.messages)\n"
  }

  /// One line about a rule.
  package static func line(_ rule: RuleDescription) -> TerminalText {
    let space = String(repeating: " ", count: max(1, 20 - rule.kind.count))
    return TerminalText(
      lines: ["\(rule.number)  \(rule.kind)\(space)\(rule.summary)"], unicode: true)
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }
}
