import Analysis
import TraceModel

/// ST203 in words, for a start that launched no worker while the program kept the exception.
struct NotLaunchedSentences: RuleSentences {
  let context: FindingContext

  var label: Sentence { "starts a worker, and none is launched" }

  var notes: [Diagnostic.Note] {
    [
      .init(
        .pickle,
        "its error was kept by the program, or by its test runner: only the start that failed was seen"
      ),
      .init(.why, context.pickleReason),
    ]
  }

  var advice: Sentence {
    "send only what pickle takes: a function at the top level of a module, and data; create locks, "
      + "files and connections in the worker"
  }
}
