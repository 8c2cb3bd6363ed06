/// Text that is about to be written.
package struct WrittenText: Hashable, Sendable {
  package var descriptor: Int32
  /// The text's beginning, as far as the tracer reads it: at least as long as a traceback of a few
  /// dozen frames.
  package var text: String
  /// If the text says that a worker did not find a name of the program: where it is defined.
  package var definition: SourceDefinition?

  package init(descriptor: Int32, text: String, definition: SourceDefinition? = nil) {
    self.descriptor = descriptor
    self.text = text
    self.definition = definition
  }
}
