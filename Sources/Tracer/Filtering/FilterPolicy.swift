/// The processes that run under the filter. The raw values are the words of `--watch`.
package enum FilterPolicy: String, Hashable, Sendable, CaseIterable {
  /// Workers, and programs that start workers, from the moment that is seen. All others run as fast
  /// as without a filter.
  case workers
  /// All processes, from their beginning.
  case all
}
