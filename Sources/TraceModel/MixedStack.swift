/// A frame of a stack in which native code and Python call each other.
package enum MixedFrame: Hashable, Sendable {
  case native(NativeFrame)
  case python(PythonFrame)
}

/// The native and the Python stack of one thread at one moment.
package enum MixedStack: Hashable, Sendable {
  /// All frames in order, innermost first. Python frames stand in place of the frame of the
  /// interpreter's own function that executes them. `cut` says why outer frames are missing.
  case merged([MixedFrame], cut: String?)
  /// Both stacks are right, but the order between them isn't known; with a reason that can stand in
  /// a report.
  case separate(native: [NativeFrame], python: [PythonFrame], reason: String)
}
