/// The Python frames of a stack that one call of the interpreter's native function executes.
///
/// Up to 3.10 that is one frame; since 3.11 a Python function that calls another goes on in the
/// same native call, and a new one begins only where native code calls back into Python.
package struct PythonEvaluation: Hashable, Sendable {
  /// The number of the first frame outside of the evaluation, counted from the innermost. The
  /// frames before that one, up to those of the previous evaluation, belong to this one.
  package var end: Int
  /// The address of one of the native function's local variables, in the native stack; nil if the
  /// version has none that can be found.
  package var marker: UInt64?

  package init(end: Int, marker: UInt64?) {
    self.end = end
    self.marker = marker
  }
}
