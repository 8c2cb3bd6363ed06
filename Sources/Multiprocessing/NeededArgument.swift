/// What the analysis needs of an argument: the interpreter's own options, the script, the module of
/// `-m`, and the command lines of multiprocessing's own processes. Everything else may be a secret.
package enum NeededArgument: Hashable, Sendable {
  case whole
  /// Only its beginning, such as the letter of an option; what follows is not needed.
  case beginning(String)
  /// This text says all that is needed.
  case text(String)
  case nothing
}
