internal import ArgumentParser
internal import TraceModel

/// The limits of the rules, as options.
struct LimitOptions: ParsableArguments {
  private static let usual = Limits()

  @Option(
    help: ArgumentHelp(
      """
      End the tree when more than N processes live at once \
      (ST103; default: \(usual.maxProcesses)).
      """, valueName: "n"))
  var maxProcesses: Int?

  @Option(
    help: ArgumentHelp(
      """
      Report ST103 when workers start workers more than N levels deep \
      (default: \(usual.maxNesting)).
      """, valueName: "n"))
  var maxNesting: Int?

  @Option(
    help: ArgumentHelp(
      """
      Report ST102 once N generations of workers have died for the same cause \
      (default: \(usual.maxGenerations)).
      """, valueName: "n"))
  var maxGenerations: Int?

  @Option(
    help: ArgumentHelp(
      """
      Report ST104 or ST105 once a script has come back N times with the same arguments and \
      environment (default: \(usual.maxRepeats)).
      """, valueName: "n"))
  var maxRepeats: Int?

  private var given: [(option: String, value: Int?, limit: WritableKeyPath<Limits, Int>)] {
    [
      ("--max-processes", maxProcesses, \.maxProcesses),
      ("--max-nesting", maxNesting, \.maxNesting),
      ("--max-generations", maxGenerations, \.maxGenerations),
      ("--max-repeats", maxRepeats, \.maxRepeats),
    ]
  }

  func validate() throws {
    for (option, value, _) in given {
      if let value, value < 1 { throw ValidationError("\(option) must be at least 1") }
    }
  }

  /// Returns the limits; those without an option are those of `base`.
  func limits(over base: Limits = Limits()) -> Limits {
    var limits = base
    for case (_, let value?, let limit) in given { limits[keyPath: limit] = value }
    return limits
  }
}
