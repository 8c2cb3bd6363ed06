import Analysis
import TraceModel

/// ST107 in words.
struct LostTaskSentences: RuleSentences {
  let context: FindingContext
  let end: WorkerEnd

  var label: Sentence { "waits here, without a timeout, for a result that no process will send" }

  var notes: [Diagnostic.Note] {
    [
      worker, sender,
      .init(
        .why,
        "a Pool replaces a worker that has ended, but never gives its task to another one"),
    ].compactMap(\.self)
  }

  private var worker: Diagnostic.Note? {
    guard let worker = context.witness else { return nil }
    let when =
      switch end.reason {
      case _ where end.job != nil: " in its task"
      case .exception: ", probably as it took its task"
      case .exit, .signal: ", probably by \(Self.exit) in its task"
      }
    let place: Sentence = end.culprit.map { ", at \(place: $0.place)" } ?? ""
    let others = context.finding.occurrences - 1
    let more = others > 0 ? "; \(others) more lost theirs" : ""
    return .init(
      .worker,
      "\(worker.role.rawValue) \(worker.pid.rawValue) \(end.pastVerb)\(when)\(place)\(more)")
  }

  /// What ends a worker in order, so that its stack is gone.
  private static let exit = "sys.exit()"

  private var sender: Diagnostic.Note? {
    if case .signal(_, let sender) = end.reason, sender == end.process {
      return .init(.sentBy, "the worker itself")
    }
    return context.sender(of: end).map { .init(.sentBy, $0) }
  }

  var advice: Sentence {
    let remedy: Sentence =
      "use \(code: "concurrent.futures.ProcessPoolExecutor"), which raises BrokenProcessPool when a "
      + "worker dies, or \(code: "get(timeout)")"
    switch end.reason {
    case .signal(SignalName.kill, sender: nil) where (end.outOfMemoryKills ?? 0) > 0:
      return context.adviceOnKill(end) + "; " + remedy
    case .exit: return "let the task return or raise instead of ending the worker; " + remedy
    default: return remedy
    }
  }
}
