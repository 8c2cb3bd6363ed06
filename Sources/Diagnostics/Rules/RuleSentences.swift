import Analysis

/// What one rule says about a finding.
protocol RuleSentences {
  /// What is said at the culprit.
  var label: Sentence { get }
  var chain: Diagnostic.Chain? { get }
  var notes: [Diagnostic.Note] { get }
  var advice: Sentence { get }
}

extension RuleSentences {
  var chain: Diagnostic.Chain? { nil }
}
