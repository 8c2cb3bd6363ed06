internal import Analysis
internal import ArgumentParser
internal import Recording
internal import TraceModel

/// What the rules let pass.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "End the tree when more processes than N live at once (ST103; 2000).", valueName: "n"))
  var maxProcesses: Int?

  @Option(
    help: ArgumentHelp("How deep workers may start workers (ST103; 5).", valueName: "n"))
  var maxNesting: Int?

  @Option(
    help: ArgumentHelp(
      "The generation of workers, dead for one cause, that proves a respawn loop (ST102; 3).",
      valueName: "n"))
  var maxGenerations: Int?

  @Option(
    help: ArgumentHelp(
      "How often a script may come back with the same arguments and environment (ST104, ST105; 10).",
      valueName: "n"))
  var maxRepeats: Int?

  func validate() throws {
    for (name, value) in [
      ("--max-processes", maxProcesses), ("--max-nesting", maxNesting),
      ("--max-generations", maxGenerations), ("--max-repeats", maxRepeats),
    ] {
      if let value, value < 1 { throw ValidationError("\(name) must be at least 1") }
    }
  }

  /// The limits, where an option isn't given those of `base`.
  func limits(over base: Limits = Limits()) -> Limits {
    var limits = base
    limits.processes = maxProcesses ?? base.processes
    limits.nesting = maxNesting ?? base.nesting
    limits.generations = maxGenerations ?? base.generations
    limits.repeats = maxRepeats ?? base.repeats
    return limits
  }
}

extension Limits {
  /// What a recorded run was told; a limit that it doesn't name is the usual one.
  init(_ recorded: RecordingHeader.Options) {
    self.init()
    processes = recorded.processLimit
    nesting = recorded.nestingLimit ?? nesting
    generations = recorded.generationLimit ?? generations
    repeats = recorded.repeatLimit ?? repeats
  }
}
