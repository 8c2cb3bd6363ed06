import Analysis
internal import Multiprocessing
import TraceModel

/// ST203 in words.
struct PicklingSentences: RuleSentences {
  let context: FindingContext
  let traceback: Traceback

  var label: Sentence { "sends it to a worker" }

  var notes: [Diagnostic.Note] {
    [
      .init(.pickle, "\(quoted: traceback.summary)"),
      .init(.why, context.pickleReason),
    ]
  }

  var advice: Sentence {
    traceback.isOfUnnamedFunction
      ? "replace the lambda or local function by a function defined at the top level of a module "
        + "(functools.partial can hold its arguments)"
      : "create the object in the worker (an initializer can), or send the data that it is made of"
  }
}

extension FindingContext {
  /// Why a task is pickled at all.
  var pickleReason: Sentence {
    "a worker of spawn or forkserver gets its function and arguments by pickle, functions by name; "
      + "a forked worker has them already"
  }
}
