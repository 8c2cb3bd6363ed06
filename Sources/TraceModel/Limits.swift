/// The limits of the rules. Each has one name: as an option, in a recording and in the rules.
package struct Limits: Hashable, Sendable {
  /// ST103: how many processes may live at once.
  package var maxProcesses: Int
  /// ST103: how deep workers may start workers.
  package var maxNesting: Int
  /// ST102: the generation of workers, dead for the same cause, that proves a respawn loop.
  package var maxGenerations: Int
  /// ST104, ST105: how often a script may come back with the same arguments and environment.
  package var maxRepeats: Int

  package init(
    maxProcesses: Int = 2000, maxNesting: Int = 5, maxGenerations: Int = 3, maxRepeats: Int = 10
  ) {
    self.maxProcesses = maxProcesses
    self.maxNesting = maxNesting
    self.maxGenerations = maxGenerations
    self.maxRepeats = maxRepeats
  }
}
