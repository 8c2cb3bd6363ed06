/// What the rules let pass.
package struct Limits: Hashable, Sendable {
  /// ST103: how many processes may live at once.
  package var processes: Int
  /// ST103: how deep workers may start workers.
  package var nesting = 5
  /// ST102: the generation of workers that die for one cause which proves a loop.
  package var generations = 3
  /// ST104, ST105: how often a script may come back with the same state.
  package var repeats = 10

  package init(processes: Int = 2000) {
    self.processes = processes
  }
}
