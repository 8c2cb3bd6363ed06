import Analysis
import TraceModel

/// ST203 in words.
struct PicklingSentences: RuleSentences {
  let context: FindingContext
  let traceback: Traceback

  var label: Sentence { "asks for it" }

  var notes: [Diagnostic.Note] {
    [
      .init(.pickle, "\(quoted: traceback.summary)"),
      .init(
        .why,
        "what a worker of spawn or forkserver is to run is pickled, by the name of its module; a forked "
          + "one had it already\(context.defaultMethod)"
      ),
    ]
  }

  var advice: Sentence {
    let isFunction = ["lambda", "<locals>", "local object"].contains {
      traceback.message.contains($0)
    }
    return isFunction
      ? "put a function of a module, written with \(code: "def") at its margin, in place of the lambda "
        + "or the local one (functools.partial can hold its arguments)"
      : "make the object in the worker (an initializer can), or send what it is made of"
  }
}
