package import Analysis

/// What there is to say about a rule, whatever it finds.
package struct RuleDescription: Hashable, Sendable {
  package let rule: Rule
  /// One line, without a full stop.
  package let summary: String
  /// What the rule finds, why that is a fault, and what proves it: paragraphs.
  package let meaning: String
  /// What Python prints for it, as people search for it, and when; empty if that is nothing special.
  package let messages: String
  /// A Python program that has the fault.
  package let example: String
  /// How to mend it: paragraphs, with code indented by four spaces.
  package let remedy: String

  package var number: String { rule.rawValue }
  package var kind: String { rule.kind }
  package var severity: Severity { rule.severity }

  init(
    _ rule: Rule, _ summary: String, meaning: String, messages: String = "", example: String,
    remedy: String
  ) {
    self.rule = rule
    self.summary = summary
    self.meaning = meaning
    self.messages = messages
    self.example = example
    self.remedy = remedy
  }
}
