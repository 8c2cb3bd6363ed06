import Analysis
internal import Multiprocessing
import TraceModel

/// ST108 in words.
struct NeverRanSentences: RuleSentences {
  let context: FindingContext
  let end: WorkerEnd
  let isServer: Bool

  private var runner: String { isServer ? "the forkserver" : "the worker" }

  var label: Sentence {
    guard let status else { return "ends \(runner)" }
    return context.finding.culprit?.line == nil
      ? "ends \(runner) with status \(status) as it is imported"
      : "ends \(runner), which imports this file, with status \(status)"
  }

  private var status: Int32? {
    if case .exit(let status) = end.reason { status } else { nil }
  }

  // MARK: What is known

  var notes: [Diagnostic.Note] {
    [worker, started, message, effect, possible, .init(.why, context.importReason)]
      .compactMap(\.self)
  }

  private var worker: Diagnostic.Note? {
    guard let witness = context.witness else { return nil }
    let others = context.finding.occurrences - 1
    let more = others > 0 ? ", and \(others) more in the same way" : ""
    return .init(.worker, "\(witness.role.rawValue) \(witness.pid.rawValue)\(more)")
  }

  private var started: Diagnostic.Note? {
    context.callSite.map { .init(.started, "at " + $0) }
  }

  private var message: Diagnostic.Note? {
    end.exit?.message.map { .init(.message, "\(quoted: $0)") }
  }

  private var effect: Diagnostic.Note {
    let consequence = context.finding.consequence
    if isServer {
      return .init(
        .consequence(consequence),
        "no worker was started: the client's connection to the server breaks")
    }
    let code = status.map { "exit code \($0)" } ?? "an exit code"
    let seen: Sentence =
      status == 0
      ? "the parent sees \(code), as if the work were done" : "the parent sees only \(code)"
    return .init(.consequence(consequence), "the task never ran; " + seen)
  }

  /// The statements that the program's text leaves.
  private var possible: Diagnostic.Note? {
    guard let possible = end.exit?.possible, !possible.isEmpty else { return nil }
    let lines = possible.prefix(5).compactMap(\.line).map(String.init).joined(separator: ", ")
    let more = possible.count > 5 ? ", ..." : ""
    return .init(.unseen, "which statement it was; line \(lines)\(more) can end the interpreter")
  }

  // MARK: What to do

  var advice: Sentence {
    context.finding.isMendedByGuard ? context.adviceOnExit : context.adviceOnUnknownExit
  }
}

extension FindingContext {
  /// What to do about a statement that ends the worker.
  var adviceOnExit: Sentence {
    let advice = GuardAdvice(self).sentence
    return exitCall.map { "\(code: $0) ends the interpreter: " + advice } ?? advice
  }

  /// The call in the culprit's line that ends the interpreter; nil if the line doesn't show it.
  var exitCall: String? {
    finding.culprit?.source.flatMap { ExitStatements.call(in: $0.line) }
  }

  /// What to do if the statement that ends the worker isn't known.
  var adviceOnUnknownExit: Sentence {
    "in \(script), put the call that ends the interpreter (\(code: "sys.exit"), "
      + "\(code: "unittest.main")) under \(code: MainGuard.line)"
  }
}
