internal import TraceModel

/// What was read of a thread that stands still.
struct CapturedStack {
  /// nil where its process has no interpreter and need not have one.
  var python: StackReading?
  /// nil where it wasn't wanted, or the thread is in no ptrace stop.
  var native: MixedStack?

  static let none = CapturedStack()
}
