/// Text that is about to be written.
package struct WrittenText: Hashable, Sendable {
  package var descriptor: Int32
  /// The text's beginning, as far as the tracer reads it: at least as long as a traceback of a few
  /// dozen frames.
  package var text: String

  package init(descriptor: Int32, text: String) {
    self.descriptor = descriptor
    self.text = text
  }
}
