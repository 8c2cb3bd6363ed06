import Analysis
import TraceModel

/// ST104 and ST105 in words: programs that bring themselves back.
struct RepeatSentences: RuleSentences {
  let context: FindingContext
  let repeats: Finding.Repeats

  private var isExecution: Bool { context.finding.rule == .selfExecLoop }

  var label: Sentence {
    // Workers run the same script.
    let hasOthers =
      isExecution
      ? repeats.round.count > 1
      : repeats.round.contains { $0.program != repeats.round.first?.program }
    return switch (isExecution, hasOthers) {
    case (true, true): "replaces the program with one that leads back to \(context.script)"
    case (true, false): "replaces the program with \(context.script) again"
    case (false, true): "starts a program that leads back to \(context.script)"
    case (false, false): "starts \(context.script) again"
    }
  }

  var chain: Diagnostic.Chain? {
    let steps = repeats.round.map { step in
      let executable = context.report[process: step.process]?.executable
      let place = step.site?.place ?? executable.map { Place(path: $0, line: nil) }
      return Diagnostic.Chain.Step(
        isExecution ? .runs : .starts, process: step.process, place: place,
        place.map { $0.line == nil ? "\(path: $0.path)" : "\(place: $0)" } ?? "?")
    }
    guard steps.count > 1 else { return nil }
    let script = context.finding.script.map { Place(path: $0.path, line: nil) }
    let end = Diagnostic.Chain.Step(
      .runsAgain, process: nil, place: script, context.script)
    return Diagnostic.Chain(.repetition, isClosed: true, steps: steps + [end])
  }

  private var reason: Sentence {
    let record = repeats.round.first.flatMap { context.report[process: $0.process] }
    guard let state = record?.scriptState, state.environment == nil else {
      return "script, arguments, folder and environment are the same each time, so nothing in them "
        + "can end it"
    }
    return "script, arguments and folder are the same each time; the environment isn't known"
  }

  var notes: [Diagnostic.Note] {
    [
      .init(
        .seen,
        isExecution
          ? "\(repeats.count) times in one process (--max-repeats)"
          : "\(repeats.count) times, each a descendant of the one before it (--max-repeats)"
      ),
      .init(.why, reason),
    ]
  }

  var advice: Sentence {
    isExecution
      ? "set a variable before \(code: "os.execv"), such as \(code: "os.environ[\"RESTARTED\"] = \"1\""), "
        + "and check it first: the second run must not restart"
      : "mark the child by an argument or an environment variable, and make \(context.script) start "
        + "nothing if it finds the mark"
  }
}
