/// Whose system calls are looked at.
package enum Watching: String, Hashable, Sendable, CaseIterable {
  /// Those of workers and of programs that start workers, from when that is seen; all others run as fast
  /// as without a filter.
  case workers
  /// Everybody's, from the beginning.
  case all
}
