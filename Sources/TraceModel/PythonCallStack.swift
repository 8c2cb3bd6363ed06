/// The Python stack of one thread at one moment, innermost frame first.
package struct PythonCallStack: Hashable, Sendable {
  package var version: PythonVersion
  package var frames: [PythonFrame]
  /// Why the outer frames are missing; nil if the stack is whole.
  package var cut: String?

  package init(version: PythonVersion, frames: [PythonFrame], cut: String? = nil) {
    self.version = version
    self.frames = frames
    self.cut = cut
  }
}
