import Analysis
import Multiprocessing
import TraceModel

/// ST102 in words.
struct RespawnSentences: FindingSentences {
  let context: FindingContext
  let end: WorkerEnd

  private var isBoot: Bool { end.phase == .boot }

  var label: String {
    switch end.reason {
    case .exception(let traceback):
      if end.culprit == nil { return "starts workers that die of \(traceback.exception)" }
      return isBoot
        ? "raises \(traceback.exception) in each worker, which imports \(context.scriptName)"
        : "raises \(traceback.exception) in each worker"
    case .signal(let signal, _):
      return end.culprit == nil
        ? "starts workers that die of \(SignalName.of(signal))"
        : "is where each worker gets \(SignalName.of(signal))"
    case .exit(let status):
      return isBoot
        ? "ends each worker, which imports this file, with status \(status)"
        : "starts workers that end with status \(status)"
    }
  }

  var notes: [(label: String, text: String)] {
    var notes: [(label: String, text: String)] = []
    switch end.reason {
    case .exception(let traceback): notes.append(("died of", context.quoted(traceback.summary)))
    case .signal(let signal, _): notes.append(("died of", SignalName.of(signal)))
    case .exit(let status):
      notes.append(
        ("ended", "with status \(status)\(isBoot ? " before it was ready to work" : "")"))
    }
    let pool = context.shown(context.finding.callSite).map { "the Pool of \($0)" } ?? "its parent"
    notes.append(
      (
        "respawning",
        "\(pool) replaces each dead worker, for ever (\(context.finding.occurrences) generations seen)"
      ))
    notes.append(("why", isBoot ? context.importReason : taskReason))
    return notes
  }

  private var taskReason: String {
    "a Pool replaces a worker whatever it died of, and hands its tasks to the next one"
  }

  private var isUnittest: Bool {
    if case .exit = end.reason, isBoot, end.culprit?.line != nil { true } else { false }
  }

  var advice: String {
    if let advice = context.adviceOnLookup(end) { return advice }
    switch (end.phase, end.reason) {
    case (.boot, .exit) where isUnittest:
      return CycleFix(context).advice
    case (.boot, .exit):
      return
        "put what ends the interpreter (`sys.exit`, `unittest.main`) in \(context.scriptName) under "
        + "`\(CycleSentences.guardLine)`"
    case (.boot, _):
      return
        "let \(context.scriptName) be imported a second time without an error: what may run once only "
        + "belongs under `\(CycleSentences.guardLine)`"
    case (.task, _):
      return
        "let the initializer, and what a worker does first, succeed or catch its exception: a worker "
        + "that dies takes its task with it, and the parent waits for ever"
    }
  }

  var fix: [CycleFix.Line] { isUnittest ? CycleFix(context).lines : [] }
}

extension FindingContext {
  /// What to do where a worker doesn't find what it was asked to run; nil for other deaths.
  func adviceOnLookup(_ end: WorkerEnd) -> String? {
    guard case .exception(let traceback) = end.reason, traceback.exception == "AttributeError",
      traceback.message.hasPrefix("Can't get attribute")
        || end.culprit == nil && traceback.message.contains("has no attribute")
    else { return nil }
    return
      "put what the workers run into a module of its own that they can import: a folder, an archive, "
      + "`-c`, standard input and `python -m package` are not imported again as the main module"
  }
}
