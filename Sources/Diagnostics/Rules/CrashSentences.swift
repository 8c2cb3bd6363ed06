import Analysis
internal import Multiprocessing
import TraceModel

/// ST202 in words.
struct CrashSentences: RuleSentences {
  let context: FindingContext
  let end: WorkerEnd

  var label: Sentence {
    guard end.culprit != nil else { return "starts the worker" }
    switch end.reason {
    case .exception(let traceback): return "raises \(name: traceback.exception)"
    case .signal(let signal, let sender):
      let isSender =
        sender == end.process || sender != nil && end.culprit == end.senderPlace
      return isSender
        ? "sends \(SignalName.of(signal))" : "was running when \(SignalName.of(signal)) came"
    case .exit: return end.job == nil ? "ends the worker" : "ends the worker, in its task"
    }
  }

  var notes: [Diagnostic.Note] {
    [worker, started, message, sender].compactMap(\.self)
  }

  private var worker: Diagnostic.Note? {
    guard let worker = context.witness else { return nil }
    let others = context.finding.occurrences - 1
    let more = others > 0 ? ", and \(others) more for the same cause" : ""
    return .init(.worker, "\(worker.role.rawValue) \(worker.pid.rawValue)\(more)")
  }

  private var started: Diagnostic.Note? {
    guard end.culprit != nil, let site = context.callSite else { return nil }
    return .init(.started, "at " + site)
  }

  private var message: Diagnostic.Note? {
    guard case .exception(let traceback) = end.reason, !traceback.message.isEmpty else {
      return nil
    }
    return .init(.message, "\(quoted: traceback.message)")
  }

  private var sender: Diagnostic.Note? {
    context.sender(of: end).map { .init(.sentBy, $0) }
  }

  // MARK: What to do

  var advice: Sentence {
    if let advice = context.adviceOnLookup(end) { return advice }
    switch end.reason {
    case .exception(let traceback): return advice(on: traceback)
    case .signal(SignalName.kill, sender: nil): return context.adviceOnKill(end)
    case .signal(_, sender: nil):
      return
        "\(code: "--json FILE") has the native stack at that moment; the Python line shows what called "
        + "into native code"
    case .signal:
      return "let the worker end by itself, or let its parent call \(code: "terminate()")"
    case .exit: return "let the worker return from its function instead of ending the interpreter"
    }
  }

  private func advice(on traceback: Traceback) -> Sentence {
    if traceback.isOfGoneSemaphore {
      return
        "keep the lock, queue or event that the worker gets until it has started: the process that "
        + "made it had dropped it, or had ended"
    }
    if isMissingMain(traceback) {
      return
        "keep the main script's file where it is until the last worker has started: each worker opens "
        + "it again"
    }
    if traceback.isOfDaemonicChild {
      return
        "a daemonic worker, such as a Pool's, may not start processes: start it with "
        + "\(code: "daemon=False"), or use concurrent.futures"
    }
    return end.phase == .boot
      ? context.adviceOnImport
      : "the exception ended the worker, and its parent sees only an exit code: catch it in the worker, "
        + "or send it to the parent"
  }

  private func isMissingMain(_ traceback: Traceback) -> Bool {
    // A semaphore that is gone raises the same, later.
    traceback.exception == "FileNotFoundError" && end.phase == .boot && end.culprit == nil
      && traceback.frames.contains { $0.plays(.preparesMain) }
  }
}
