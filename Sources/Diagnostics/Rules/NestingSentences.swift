import Analysis
import TraceModel

/// ST103 in words, for workers that start workers.
struct NestingSentences: RuleSentences {
  let context: FindingContext
  let depth: Int

  var label: Sentence { "starts workers in each worker, too" }

  var notes: [Diagnostic.Note] {
    let count = context.report.processes.count { $0.role.isReexecutingWorker }
    return [
      context.startBelowCulprit,
      .init(
        .depth,
        "\(depth) workers, each started by the one before it (--max-nesting); \(count) workers so far"
      ),
      .init(
        .why,
        "CPython refuses to start processes only while a worker imports the main script, not later: "
          + "a thread that the import starts, or the work itself, can start more"
      ),
    ].compactMap(\.self)
  }

  var advice: Sentence {
    if context.finding.isModuleLevel { return GuardAdvice(context).sentence }
    return
      "start workers only in the first process: call this under \(code: MainGuard.line), or if "
      + "\(code: "multiprocessing.parent_process() is None")"
  }
}
