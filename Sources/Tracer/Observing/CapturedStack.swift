internal import TraceModel

/// The stacks that were read of a thread in one stop.
struct CapturedStack {
  /// The Python stack; nil if the process has no interpreter and isn't expected to have one.
  var python: StackReading?
  /// The Python stack of the process's first thread, if it was wanted: see `Event.mainStack`.
  var main: StackReading?
  /// The native stack; nil if it wasn't wanted, or the thread isn't in a ptrace stop.
  var native: MixedStack?

  static let none = CapturedStack()
}
