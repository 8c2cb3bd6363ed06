import Analysis
import TraceModel

/// ST104 and ST105 in words: programs that bring themselves back.
struct RepeatSentences: FindingSentences {
  let context: FindingContext
  let repeats: Finding.Repeats

  private var isExecution: Bool { context.finding.rule == .selfExecLoop }

  var label: String {
    let verb = isExecution ? "replaces the program with" : "starts"
    return repeats.round.count > 1
      ? "\(verb) what brings \(context.scriptName) back" : "\(verb) \(context.scriptName) again"
  }

  var notes: [(label: String, text: String)] {
    var notes: [(label: String, text: String)] = []
    if repeats.round.count > 1 {
      let places = repeats.round.prefix(6).map { step in
        context.shown(step.site, to: 24)
          ?? context.report[process: step.process]?.executable.map {
            context.paths.short($0, to: 24)
          }
          ?? "?"
      }
      let more = repeats.round.count > 6 ? " -> ..." : ""
      notes.append(
        ("round", places.joined(separator: " -> ") + more + " -> \(context.scriptName)"))
    }
    notes.append(
      (
        "seen",
        isExecution
          ? "\(repeats.count) times in one process (--max-repeats)"
          : "\(repeats.count) times, each a descendant of the one before it (--max-repeats)"
      ))
    notes.append(
      (
        "why",
        "script, arguments, folder and environment are the same each time, so that nothing in them "
          + "ends it"
      ))
    return notes
  }

  var advice: String {
    isExecution
      ? "set a variable before `os.execv` and look at it first, so that the second run goes on: "
        + "`os.environ[\"RESTARTED\"] = \"1\"`"
      : "tell the child that it is one, by an argument or a variable of its environment, and let "
        + "\(context.scriptName) start nothing there"
  }
}
