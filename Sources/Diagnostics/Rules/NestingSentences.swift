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
      .init(
        .depth,
        "\(depth) workers, each started by the one before it (--max-nesting); \(count) workers so far"
      ),
      .init(
        .why,
        "CPython refuses a start while a worker imports the main script, and no later one: not by a "
          + "thread that the import begins, not by the work itself"
      ),
    ]
  }

  private var change: GuardFix? { context.isModuleLevel ? GuardFix(context) : nil }

  var advice: Sentence {
    change?.advice
      ?? "start workers in the first process alone: call this under \(code: MainGuard.line), or where "
      + "\(code: "multiprocessing.parent_process() is None")"
  }

  var fix: Fix? { change?.fix }
}
