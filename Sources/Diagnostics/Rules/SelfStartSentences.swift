import Analysis
import TraceModel

/// ST104 in words, for a chain of self-starts that lives on after the command.
struct SelfStartSentences: RuleSentences {
  let context: FindingContext
  let count: Int

  var label: Sentence { "starts \(context.script) again" }

  var notes: [Diagnostic.Note] {
    [
      .init(
        .seen,
        "\(count) times, each process started the next one and ended (--max-repeats)"
      ),
      .init(
        .why, "nothing waits for it; what differs each time may hold a count that ends the chain"),
    ]
  }

  var advice: Sentence {
    "repeat the work in one process, or wait for what the script starts; --kill-survivors ends what "
      + "the command leaves running"
  }
}
