import Analysis
import TraceModel

/// ST201 in words.
struct SideEffectSentences: RuleSentences {
  let context: FindingContext

  var label: Sentence { context.runsAgain }

  var notes: [Diagnostic.Note] {
    let count = context.finding.occurrences
    return [
      context.startBelowCulprit,
      .init(
        .seen, "in \(count == 1 ? "1 worker" : "\(count) workers"); no cycle: it ends by itself"),
      .init(.why, context.importReason),
    ].compactMap(\.self)
  }

  var advice: Sentence { GuardAdvice(context).sentence }
}
