import Analysis
import TraceModel

/// ST103 in words, where workers start workers.
struct NestingSentences: FindingSentences {
  let context: FindingContext
  let depth: Int

  var label: String { "starts workers in each worker, too" }

  var notes: [(label: String, text: String)] {
    let count = context.report.processes.count { $0.role.isReexecutingWorker }
    return [
      (
        "depth",
        "\(depth) workers, each started by the one before it (--max-nesting); \(count) workers so far"
      ),
      (
        "why",
        "CPython refuses a start while a worker imports the main script, and no later one: not by a "
          + "thread that the import begins, not by the work itself"
      ),
    ]
  }

  var advice: String {
    if context.isModuleLevel { return CycleFix(context).advice }
    return
      "start workers in the first process alone: call this under `\(CycleSentences.guardLine)`, "
      + "or where `multiprocessing.parent_process() is None`"
  }

  var fix: [CycleFix.Line] { context.isModuleLevel ? CycleFix(context).lines : [] }
}
