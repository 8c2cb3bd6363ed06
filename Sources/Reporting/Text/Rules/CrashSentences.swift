import Analysis
import Multiprocessing
import TraceModel

/// ST202 in words.
struct CrashSentences: FindingSentences {
  let context: FindingContext
  let end: WorkerEnd

  var label: String {
    guard end.culprit != nil else { return "asks for the worker" }
    switch end.reason {
    case .exception(let traceback): return "raises \(traceback.exception)"
    case .signal(let signal, sender: nil): return "was executed when \(SignalName.of(signal)) came"
    case .signal(let signal, _): return "sends \(SignalName.of(signal))"
    case .exit: return "ends the worker"
    }
  }

  var notes: [(label: String, text: String)] {
    var notes: [(label: String, text: String)] = []
    if let worker = context.witness {
      let others = context.finding.occurrences - 1
      let more = others > 0 ? ", and \(others) more for the same cause" : ""
      notes.append(("worker", "\(worker.role.rawValue) \(worker.pid.rawValue)\(more)"))
    }
    if end.culprit != nil, let site = context.shown(context.finding.callSite, to: 60) {
      notes.append(("started", "at \(site)"))
    }
    if case .exception(let traceback) = end.reason, !traceback.message.isEmpty {
      notes.append(("said", context.quoted(traceback.message)))
    }
    switch end.reason {
    case .signal(_, let sender?) where sender != end.process:
      if let process = context.report[process: sender] {
        notes.append(("sent by", "\(process.role.rawValue) \(process.pid.rawValue)"))
      }
    case .signal(Self.kill, sender: nil):
      notes.append(
        ("sent by", "nobody who was seen: the kernel, a container's limit, another user or program")
      )
    default: break
    }
    return notes
  }

  private static let kill: Int32 = 9

  var advice: String {
    if let advice = context.adviceOnLookup(end) { return advice }
    switch end.reason {
    case .exception(let traceback) where isMissingMain(traceback):
      return
        "let the main script be a file that stays where it is until the last worker has started: each "
        + "one opens it again"
    case .exception(let traceback) where traceback.message.contains("daemonic processes"):
      return
        "a daemonic worker, and so a Pool's, may not have children: start it with `daemon=False`, or "
        + "use concurrent.futures"
    case .exception where end.phase == .boot:
      return
        "let \(context.scriptName) be imported a second time without an error: what may run once only "
        + "belongs under `\(CycleSentences.guardLine)`"
    case .exception:
      return
        "the exception ended the worker, and its parent sees no more than an exit code: catch it "
        + "there, or send it to the parent"
    case .signal(Self.kill, sender: nil):
      return "look for the kernel's out-of-memory killer (`dmesg`, memory.events of the cgroup)"
    case .signal(_, sender: nil):
      return
        "`--json FILE` has the native stack of that moment; the Python line is what called into it"
    case .signal: return "let the worker end by itself, or by its parent's `terminate()`"
    case .exit: return "let the worker return from its function"
    }
  }

  private func isMissingMain(_ traceback: Traceback) -> Bool {
    traceback.exception == "FileNotFoundError" && end.phase == .boot && end.culprit == nil
  }
}
