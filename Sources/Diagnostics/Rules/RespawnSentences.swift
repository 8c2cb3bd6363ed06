import Analysis
internal import Multiprocessing
import TraceModel

/// ST102 in words.
struct RespawnSentences: RuleSentences {
  let context: FindingContext
  let end: WorkerEnd

  private var isBoot: Bool { end.phase == .boot }

  var label: Sentence {
    switch end.reason {
    case .exception(let traceback):
      if end.culprit == nil { return "starts workers that die of \(name: traceback.exception)" }
      let importing: Sentence = isBoot ? ", which imports \(context.script)" : ""
      return "raises \(name: traceback.exception) in each worker\(importing)"
    case .signal(let signal, _):
      return end.culprit == nil
        ? "starts workers that die of \(SignalName.of(signal))"
        : "each worker gets \(SignalName.of(signal)) here"
    case .exit(let status):
      if isBoot { return "ends each worker, which imports this file, with status \(status)" }
      return end.culprit == nil
        ? "starts workers that end with status \(status)"
        : "ends each worker with status \(status)"
    }
  }

  var notes: [Diagnostic.Note] {
    let caller: Sentence = context.caller.map { " (called from \(place: $0))" } ?? ""
    let pool: Sentence =
      context.finding.callSite.map { "the Pool of \(place: $0.place)" + caller } ?? "its parent"
    return [
      death,
      .init(
        .consequence(.respawning),
        "\(pool) replaces each dead worker, for ever (\(context.finding.occurrences) generations seen)"
      ),
      .init(.why, isBoot ? context.importReason : taskReason),
    ]
  }

  private var death: Diagnostic.Note {
    switch end.reason {
    case .exception(let traceback): .init(.diedOf, "\(quoted: traceback.summary)")
    case .signal(let signal, _): .init(.diedOf, "\(SignalName.of(signal))")
    case .exit(let status):
      .init(.ended, "with status \(status)\(isBoot ? " before it was ready to work" : "")")
    }
  }

  private var taskReason: Sentence {
    "a Pool replaces every dead worker, whatever the cause, and the new one takes the next task"
  }

  var advice: Sentence {
    if let advice = context.adviceOnLookup(end) { return advice }
    // The import of the script ends the worker, as `unittest.main()` does.
    if case .exit = end.reason, context.finding.isMendedByGuard { return context.adviceOnExit }
    switch (end.phase, end.reason) {
    case (.boot, .exit): return context.adviceOnUnknownExit
    case (.boot, _): return context.adviceOnImport
    case (.task, _):
      return
        "make sure that the initializer and the first steps of a worker succeed, or catch their "
        + "exceptions: a worker that dies loses its task, and the parent waits for it for ever"
    }
  }
}
