import Analysis
internal import Multiprocessing
import TraceModel

/// ST203 in words, for a name that a worker does not find.
struct LookupSentences: RuleSentences {
  let context: FindingContext
  let end: WorkerEnd

  private var name: Sentence { end.lookup.map { "\(code: $0.name)" } ?? "it" }
  private var isForked: Bool { context.finding.startMethod == .fork }

  var label: Sentence {
    switch place {
    case .nowhere: "asks a worker for \(name), which it does not find"
    case .deleted(let line): "defines \(name), and line \(line) deletes it again"
    case .underGuard: "defines \(name) under the guard, where no worker finds it"
    case .inFunction(let function):
      "defines \(name) only when \(function: function, short: nil)() is called"
    case .elsewhere: "defines \(name), which a worker does not find"
    }
  }

  var notes: [Diagnostic.Note] {
    [message, started, .init(.why, reason)].compactMap(\.self)
  }

  private var message: Diagnostic.Note? {
    guard case .exception(let traceback) = end.reason else { return nil }
    return .init(.diedOf, "\(quoted: traceback.summary)")
  }

  private var started: Diagnostic.Note? {
    guard let site = context.finding.callSite, end.definition != nil else { return nil }
    return .init(.started, "at \(place: site.place)")
  }

  private var reason: Sentence {
    isForked
      ? "a forked worker has what was defined when it was forked, and gets its tasks by name"
      : "pickle sends a function or class by its name alone, and the worker looks for it in its own "
        + "import of the module"
  }

  var advice: Sentence {
    switch place {
    case .nowhere:
      return isForked
        ? "start the workers below the definition of all that they run"
        : "define \(name) at the top level of a module that workers import"
    case .deleted: return "keep \(name): each worker imports the file to its end"
    case .underGuard:
      return
        "define \(name) above \(code: MainGuard.line): a worker imports the file without what is "
        + "under it"
    case .inFunction: return "define \(name) at the top level of the file"
    case .elsewhere:
      return isForked
        ? "start the workers below the definition of \(name)"
        : "define \(name) at the top level of the file, under no condition that is false in a worker"
    }
  }

  // MARK: Where it is defined

  private enum Place {
    case nowhere
    case deleted(Int)
    case underGuard
    case inFunction(String)
    case elsewhere
  }

  private var place: Place {
    guard let definition = end.definition else { return .nowhere }
    if let line = definition.place.deletedAt { return .deleted(line) }
    guard let statement = definition.source?.statement?.line else { return .elsewhere }
    if let function = PythonLine.functionName(statement) { return .inFunction(function) }
    return statement.contains("__name__") ? .underGuard : .elsewhere
  }
}

extension WorkerEnd {
  /// The name that the worker did not find.
  var lookup: FailedLookup? {
    if case .exception(let traceback) = reason { traceback.failedLookup } else { nil }
  }
}
