/// How the traced programs come to see other texts in the place of files.
package enum OverlayWay: Hashable, Sendable, CaseIterable {
  /// The tracer answers opens of the files. All processes run under the filter from their beginning.
  case served
  /// The command has a mount namespace of its own, in which other files are mounted over them. An
  /// ordinary user's command has a user namespace of its own, too, in which other users' numbers
  /// are unknown.
  case mounted
}
