import Analysis
import TraceModel

/// ST201 in words.
struct SideEffectSentences: FindingSentences {
  let context: FindingContext

  var label: String { CycleSentences(context: context).label }

  var notes: [(label: String, text: String)] {
    let count = context.finding.occurrences
    return [
      ("seen", "in \(count == 1 ? "1 worker" : "\(count) workers"); no cycle: it ends by itself"),
      ("why", context.importReason),
    ]
  }

  var advice: String { CycleFix(context).advice }
  var fix: [CycleFix.Line] { CycleFix(context).lines }
}
