/// The number of stacks that may still be read of a process at one kind of event: a program can
/// make such events without end, and the later ones prove less and less.
///
/// The first `initial` events have a stack, and after them each event with a power of two as its
/// number.
package struct StackBudget: Sendable {
  private let initial: Int
  private var events = 0

  package init(initial: Int) {
    self.initial = initial
  }

  /// Counts an event; returns whether it has a stack.
  package mutating func spend() -> Bool {
    events += 1
    return events <= initial || events & (events - 1) == 0
  }

  /// Takes back the event that was counted last: its stack was worth it.
  package mutating func refund() {
    events -= 1
  }
}
